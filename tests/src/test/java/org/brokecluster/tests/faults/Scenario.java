package org.brokecluster.tests.faults;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A fault of an upstream, and what must come of it.
 *
 * @param id number of the fault
 * @param title in words
 * @param spareContext context of the spare model, in tokens
 * @param main what the model does that is asked for
 * @param spare what the model does that is the fallback
 * @param trial calls, and tells what was not as it must be
 */
record Scenario(
    String id,
    String title,
    int spareContext,
    Function<Times, Conduct> main,
    Conduct spare,
    Consumer<Stage> trial) {
  /** Context of every model that is not said to have another. */
  static final int CONTEXT = 4_096;

  static Scenario of(
      String id, String title, Function<Times, Conduct> main, Consumer<Stage> trial) {
    return new Scenario(id, title, CONTEXT, main, Conduct.GOOD, trial);
  }

  /** The same with another spare model. */
  Scenario spare(int context, Conduct conduct) {
    return new Scenario(id, title, context, main, conduct, trial);
  }
}
