package org.brokecluster.coordinator.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which requests of the history a verb is about. */
final class HistoryFlags {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Received then or later: 2026-11-21, or 2026-11-21T14:03:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Received before.")
  private @Nullable String to;

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
      description = "open, completed, failed, cancelled or refused.")
  private @Nullable String status;

  @Option(
      names = "--slow",
      paramLabel = "SECONDS",
      description = "Took at least so long as a whole.")
  private @Nullable Double slow;

  @Option(names = "--rescued", description = "Answered after an attempt had broken.")
  private boolean rescued;

  /** As query parameters, each beginning with an ampersand. */
  String query() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("from", from);
    all.put("to", to);
    all.put("user", user);
    all.put("role", role);
    all.put("model", model);
    all.put("node", node);
    all.put("tier", tier);
    all.put("strategy", strategy);
    all.put("status", status);
    all.put("slow", slow);
    all.put("rescued", rescued ? true : null);
    return query(all);
  }

  /** Those that are not null as query parameters, each beginning with an ampersand. */
  static String query(Map<String, @Nullable Object> all) {
    var text = new StringBuilder();
    all.forEach(
        (name, value) -> {
          if (value != null) {
            text.append('&').append(name).append('=').append(encoded(value.toString()));
          }
        });
    return text.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
