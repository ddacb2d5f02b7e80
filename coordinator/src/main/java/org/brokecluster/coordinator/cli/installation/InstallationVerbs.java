package org.brokecluster.coordinator.cli.installation;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs about this machine. */
public final class InstallationVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("doctor", VerbGroup.ABOUT, DoctorCommand::new),
        new Verb("warm-up", VerbGroup.ABOUT, WarmUpCommand::new));
  }
}
