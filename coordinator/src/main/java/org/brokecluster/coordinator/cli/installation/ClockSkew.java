package org.brokecluster.coordinator.cli.installation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.cli.client.EdgeClient;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.doctor.Finding;

/** How far the clocks of the machines are apart, by the dates their edges put on answers. */
final class ClockSkew {
  /** An edge's date has whole seconds, and its answer takes a while. */
  private static final Duration NOISE = Duration.ofSeconds(2);

  private static final Duration MUCH = Duration.ofSeconds(60);
  private static final String WHAT = "clocks";

  private ClockSkew() {}

  /** A machine's clock against this one's: above zero if it is ahead. */
  record Skew(String node, Duration by) {}

  /** Asks every machine whose edge can be reached from here. Blocks. */
  static List<Skew> measure(JsonNode nodes) {
    var skews = new ArrayList<Skew>();
    for (var node : Json.list(nodes, "nodes")) {
      var http = Json.text(node, "http");
      if (http.startsWith("http") && Json.text(node, "state").equals("up")) {
        var before = Instant.now();
        new EdgeClient(http, Optional.empty())
            .header("/health", "date")
            .flatMap(date -> between(before, Instant.now(), date))
            .ifPresent(by -> skews.add(new Skew(Json.text(node, "name"), by)));
      }
    }
    return skews;
  }

  /** A date as HTTP writes it, against the middle between question and answer. */
  static Optional<Duration> between(Instant asked, Instant answered, String date) {
    try {
      var theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var middle = asked.plus(Duration.between(asked, answered).dividedBy(2));
      return Optional.of(Duration.between(middle, theirs));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** What is to be said of them; nothing if no clock could be read. Pure. */
  static Optional<Finding> finding(List<Skew> skews) {
    if (skews.isEmpty()) {
      return Optional.empty();
    }
    var off =
        skews.stream()
            .filter(skew -> skew.by().abs().compareTo(NOISE) > 0)
            .map(ClockSkew::words)
            .toList();
    if (off.isEmpty()) {
      return Optional.of(Finding.ok(WHAT, "agree within " + NOISE.toSeconds() + " s"));
    }
    var next =
        "switch on \"Set time and date automatically\" there; routing does not mind, but the"
            + " history's times do";
    boolean much = skews.stream().anyMatch(skew -> skew.by().abs().compareTo(MUCH) > 0);
    return Optional.of(
        much
            ? Finding.bad(WHAT, String.join(", ", off), next)
            : Finding.note(WHAT, String.join(", ", off), next));
  }

  private static String words(Skew skew) {
    return "%s is %s %s"
        .formatted(
            skew.node(),
            Figures.millis(skew.by().abs().toMillis()),
            skew.by().isNegative() ? "behind" : "ahead");
  }
}
