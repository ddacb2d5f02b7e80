package org.brokecluster.coordinator.cli.look;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs that show the cluster and change nothing. */
public final class LookVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("status", VerbGroup.LOOK, StatusCommand::new),
        new Verb("nodes", VerbGroup.LOOK, NodesCommand::new),
        new Verb("models", VerbGroup.LOOK, ModelsCommand::new),
        new Verb("plan", VerbGroup.LOOK, PlanCommand::new));
  }
}
