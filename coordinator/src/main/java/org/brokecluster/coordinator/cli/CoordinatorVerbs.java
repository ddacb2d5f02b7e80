package org.brokecluster.coordinator.cli;

import java.util.List;
import org.brokecluster.shared.cli.Verb;
import org.brokecluster.shared.cli.VerbGroup;
import org.brokecluster.shared.cli.Verbs;

/** The verbs that talk to a running cluster. */
public final class CoordinatorVerbs implements Verbs {
  @Override
  public List<Verb> verbs() {
    return List.of(
        new Verb("chat", VerbGroup.USE, ChatCommand::new),
        new Verb("route", VerbGroup.USE, RouteCommand::new),
        new Verb("explain", VerbGroup.USE, ExplainCommand::new),
        new Verb("rate", VerbGroup.USE, RateCommand::new),
        new Verb("history", VerbGroup.USE, HistoryCommand::new),
        new Verb("replay", VerbGroup.USE, ReplayCommand::new),
        new Verb("status", VerbGroup.LOOK, StatusCommand::new),
        new Verb("nodes", VerbGroup.LOOK, NodesCommand::new),
        new Verb("models", VerbGroup.LOOK, ModelsCommand::new),
        new Verb("plan", VerbGroup.LOOK, PlanCommand::new),
        new Verb("strategy", VerbGroup.OPERATE, StrategyCommand::new),
        new Verb("drain", VerbGroup.OPERATE, DrainCommand::new),
        new Verb("resume", VerbGroup.OPERATE, ResumeCommand::new),
        new Verb("load", VerbGroup.OPERATE, LoadCommand::new),
        new Verb("unload", VerbGroup.OPERATE, UnloadCommand::new),
        new Verb("pin", VerbGroup.OPERATE, PinCommand::new),
        new Verb("unpin", VerbGroup.OPERATE, UnpinCommand::new),
        new Verb("pull", VerbGroup.OPERATE, PullCommand::new),
        new Verb("bench", VerbGroup.OPERATE, BenchCommand::new),
        new Verb("drill", VerbGroup.OPERATE, DrillCommand::new),
        new Verb("collect", VerbGroup.OPERATE, CollectCommand::new),
        new Verb("export-config", VerbGroup.OPERATE, ExportConfigCommand::new),
        new Verb("import-config", VerbGroup.OPERATE, ImportConfigCommand::new),
        new Verb("doctor", VerbGroup.ABOUT, DoctorCommand::new),
        new Verb("warm-up", VerbGroup.ABOUT, WarmUpCommand::new));
  }
}
