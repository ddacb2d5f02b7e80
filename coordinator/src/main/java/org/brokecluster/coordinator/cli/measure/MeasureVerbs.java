package org.brokecluster.coordinator.cli.measure;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs that put a load on the cluster and tell what it does. */
public final class MeasureVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("bench", VerbGroup.OPERATE, BenchCommand::new),
        new Verb("drill", VerbGroup.OPERATE, DrillCommand::new));
  }
}
