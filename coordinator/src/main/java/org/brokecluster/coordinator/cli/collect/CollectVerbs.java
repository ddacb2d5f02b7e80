package org.brokecluster.coordinator.cli.collect;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verb about prompts and answers that are kept. */
public final class CollectVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(new Verb("collect", VerbGroup.OPERATE, CollectCommand::new));
  }
}
