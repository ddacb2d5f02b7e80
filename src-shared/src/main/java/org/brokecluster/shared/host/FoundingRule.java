package org.brokecluster.shared.host;

import java.time.Duration;
import java.util.List;

/**
 * Whether a founder may found a cluster, or must join one. Two clusters that were founded apart
 * never become one, so with three coordinators the founder needs another of them, or the knowledge
 * that none of them runs. Pure.
 */
final class FoundingRule {
  private FoundingRule() {}

  /** What came of a try to connect. */
  enum Answer {
    /** Somebody listens. */
    ANSWERS,
    /** The machine is there, and nobody listens. */
    REFUSES,
    /** Nothing came back: switched off, asleep, or cut off while it works on. */
    SILENT
  }

  /**
   * A member that was known, or that is to be joined.
   *
   * @param coordinator whether it coordinates, as far as known
   */
  record Other(String address, boolean coordinator, Answer answer) {}

  /** What a founder does next. */
  enum Step {
    /** Found the cluster. */
    FOUND,
    /** Join whoever is in a cluster, and found one if nobody is. */
    JOIN_OR_FOUND,
    /** Join whoever is in a cluster, and go on trying. */
    JOIN_ONLY,
    /** Ask again. */
    WAIT
  }

  /**
   * The next step.
   *
   * @param three whether three coordinators are named
   * @param others everybody else who is known
   * @param silence how long those who are silent have been asked
   * @param patience how long a single coordinator waits for somebody who is silent
   */
  static Step decide(boolean three, List<Other> others, Duration silence, Duration patience) {
    if (three && others.stream().anyMatch(each -> each.coordinator() && is(each, Answer.SILENT))) {
      return others.stream().anyMatch(each -> each.coordinator() && is(each, Answer.ANSWERS))
          ? Step.JOIN_OR_FOUND
          : Step.JOIN_ONLY;
    }
    if (others.stream().anyMatch(each -> is(each, Answer.ANSWERS))) {
      return Step.JOIN_OR_FOUND;
    }
    boolean silent = others.stream().anyMatch(each -> is(each, Answer.SILENT));
    return !three && silent && silence.compareTo(patience) < 0 ? Step.WAIT : Step.FOUND;
  }

  private static boolean is(Other other, Answer answer) {
    return other.answer() == answer;
  }
}
