package org.brokecluster.coordinator.cli.history;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs about what was asked before. */
public final class HistoryVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("history", VerbGroup.USE, HistoryCommand::new),
        new Verb("replay", VerbGroup.USE, ReplayCommand::new));
  }
}
