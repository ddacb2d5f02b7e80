package org.brokecluster.coordinator.cli.history;

import java.time.Instant;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Moment;
import org.brokecluster.coordinator.cli.text.Seconds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which requests of the history a verb is about. */
final class HistoryFlags {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Moment.class,
      description =
          "Received then or later: "
              + Moment.FORMS
              + "; in this machine's time zone unless it names one.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Received before.")
  private @Nullable Instant to;

  @Option(names = "--user", paramLabel = "NAME", description = "Made by this person.")
  private @Nullable String user;

  @Option(names = "--role", paramLabel = "ROLE", description = "Made in this agent's role.")
  private @Nullable String role;

  @Option(names = "--model", paramLabel = "MODEL", description = "Answered by this model.")
  private @Nullable String model;

  @Option(names = "--node", paramLabel = "NODE", description = "Answered on this machine.")
  private @Nullable String node;

  @Option(names = "--tier", paramLabel = "TIER", description = "Answered by this tier.")
  private @Nullable String tier;

  @Option(names = "--strategy", paramLabel = "NAME", description = "Decided by this strategy.")
  private @Nullable String strategy;

  @Option(
      names = "--status",
      paramLabel = "STATE",
      description = "open, completed, failed, cancelled, refused, or handed-over (an attempt).")
  private @Nullable String status;

  @Option(
      names = "--slow",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      description = "Took at least so long as a whole.")
  private @Nullable Double slow;

  @Option(names = "--rescued", description = "Answered after an attempt had broken.")
  private boolean rescued;

  /** Whether nothing was said, so that it is about all of them. */
  boolean isEmpty() {
    return onto(EdgePath.of("")).text().isEmpty();
  }

  /** The path with what was said as its parameters. */
  EdgePath onto(EdgePath path) {
    return path.with("from", from)
        .with("to", to)
        .with("user", user)
        .with("role", role)
        .with("model", model)
        .with("node", node)
        .with("tier", tier)
        .with("strategy", strategy)
        .with("status", status)
        .with("slow", slow)
        .with("rescued", rescued ? true : null);
  }
}
