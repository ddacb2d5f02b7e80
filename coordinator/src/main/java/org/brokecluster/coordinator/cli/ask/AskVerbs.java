package org.brokecluster.coordinator.cli.ask;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs that ask for an answer, and for the reason behind one. */
public final class AskVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("chat", VerbGroup.USE, ChatCommand::new),
        new Verb("route", VerbGroup.USE, RouteCommand::new),
        new Verb("explain", VerbGroup.USE, ExplainCommand::new),
        new Verb("rate", VerbGroup.USE, RateCommand::new));
  }
}
