package org.brokecluster.coordinator.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which kept texts a verb is about. */
final class CollectFlags {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Said then or later: 2026-11-21, or 2026-11-21T14:03:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Said before.")
  private @Nullable String to;

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

  /** As query parameters, each beginning with an ampersand. */
  String query() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("from", from);
    all.put("to", to);
    all.put("user", user);
    all.put("source", source);
    all.put("role", role);
    all.put("model", model);
    all.put("tier", tier);
    all.put("rating", rating);
    return HistoryFlags.query(all);
  }
}
