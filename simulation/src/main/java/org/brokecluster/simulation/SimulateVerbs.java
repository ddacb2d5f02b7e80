package org.brokecluster.simulation;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verb {@code simulate}. */
public final class SimulateVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(new Verb("simulate", VerbGroup.ABOUT, SimulateCommand::new));
  }
}
