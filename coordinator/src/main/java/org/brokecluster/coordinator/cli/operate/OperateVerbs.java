package org.brokecluster.coordinator.cli.operate;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs that change the running cluster. */
public final class OperateVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("strategy", VerbGroup.OPERATE, StrategyCommand::new),
        new Verb("drain", VerbGroup.OPERATE, DrainCommand::new),
        new Verb("resume", VerbGroup.OPERATE, ResumeCommand::new),
        new Verb("load", VerbGroup.OPERATE, LoadCommand::new),
        new Verb("unload", VerbGroup.OPERATE, UnloadCommand::new),
        new Verb("pin", VerbGroup.OPERATE, PinCommand::new),
        new Verb("unpin", VerbGroup.OPERATE, UnpinCommand::new),
        new Verb("pull", VerbGroup.OPERATE, PullCommand::new),
        new Verb("export-config", VerbGroup.OPERATE, ExportConfigCommand::new),
        new Verb("import-config", VerbGroup.OPERATE, ImportConfigCommand::new));
  }
}
