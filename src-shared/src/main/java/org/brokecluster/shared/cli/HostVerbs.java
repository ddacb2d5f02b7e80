package org.brokecluster.shared.cli;

import java.util.List;

/** The verbs that start a host, and those that need no other module. */
final class HostVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("up", VerbGroup.RUN, UpCommand::new),
        new Verb("node", VerbGroup.RUN, NodeCommand::new),
        new Verb("coordinator", VerbGroup.RUN, CoordinatorCommand::new),
        new Verb("version", VerbGroup.ABOUT, VersionCommand::new));
  }
}
