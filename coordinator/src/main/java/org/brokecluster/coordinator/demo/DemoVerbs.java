package org.brokecluster.coordinator.demo;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verb {@code demo}. */
public final class DemoVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(new Verb("demo", VerbGroup.RUN, DemoCommand::new));
  }
}
