package org.brokecluster.coordinator.cli.collect;

import java.time.Instant;
import org.brokecluster.coordinator.cli.client.EdgePath;
import org.brokecluster.coordinator.cli.text.Moment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which kept texts a verb is about. */
final class CollectFlags {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Said then or later: " + Moment.FORMS + ".")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Said before.")
  private @Nullable Instant to;

  @Option(names = "--user", paramLabel = "NAME", description = "Asked by this person.")
  private @Nullable String user;

  @Option(
      names = "--source",
      paramLabel = "WHERE",
      description = "From there: page, api, agent, bench or hand.")
  private @Nullable String source;

  @Option(names = "--role", paramLabel = "ROLE", description = "Asked in this agent's role.")
  private @Nullable String role;

  @Option(names = "--model", paramLabel = "MODEL", description = "Answered by this model.")
  private @Nullable String model;

  @Option(names = "--tier", paramLabel = "TIER", description = "Answered by this tier.")
  private @Nullable String tier;

  @Option(
      names = "--rating",
      paramLabel = "N",
      description = "Rated so well at least, 1 to 5; what nobody rated is left out.")
  private @Nullable Integer rating;

  /** The path with what was said as its parameters. */
  EdgePath onto(EdgePath path) {
    return path.with("from", from)
        .with("to", to)
        .with("user", user)
        .with("source", source)
        .with("role", role)
        .with("model", model)
        .with("tier", tier)
        .with("rating", rating);
  }
}
