package org.brokecluster.coordinator.cli.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.Table;

/**
 * What all requests of a drill experienced, told by when they were under way: before it, during it
 * or after it. Pure.
 */
final class DrillReport {
  /** A request counts as slowed if it took longer than this many times what was usual before. */
  private static final double SLOWED = 2;

  private final List<TimedAnswer> stories;
  private final String node;
  private final long beganNanos;
  private final long endedNanos;

  /** Of a drill on this machine between these times. */
  DrillReport(List<TimedAnswer> stories, String node, long beganNanos, long endedNanos) {
    this.stories = List.copyOf(stories);
    this.node = node;
    this.beganNanos = beganNanos;
    this.endedNanos = endedNanos;
  }

  /** Requests that failed, whenever. */
  long failed() {
    return stories.stream().filter(story -> !story.answered()).count();
  }

  /** Answers that the machine was in the middle of when the drill began: what it really tried. */
  private long hit() {
    return stories.stream()
        .filter(story -> story.begunBy(node) && story.overlaps(beganNanos - 1, beganNanos + 1))
        .count();
  }

  /** As JSON: {@code phases}, each with its counts, {@code streamsHit} and {@code failures}. */
  ObjectNode json() {
    var before = new ArrayList<TimedAnswer>();
    var during = new ArrayList<TimedAnswer>();
    var after = new ArrayList<TimedAnswer>();
    for (var story : stories) {
      if (story.overlaps(beganNanos, endedNanos)) {
        during.add(story);
      } else if (story.endedBy(beganNanos)) {
        before.add(story);
      } else {
        after.add(story);
      }
    }
    long usual = usualMs(before);
    var json = Json.object();
    var phases = json.putArray("phases");
    phases.add(phase("before", before, usual));
    phases.add(phase("during", during, usual));
    phases.add(phase("after", after, usual));
    json.put("streamsHit", hit());
    var failures = json.putArray("failures");
    stories.stream()
        .map(TimedAnswer::failure)
        .filter(why -> why != null)
        .distinct()
        .forEach(failures::add);
    var requests = json.putArray("requests");
    stories.forEach(story -> requests.add(story.json()));
    return json;
  }

  private static ObjectNode phase(String name, List<TimedAnswer> stories, long usualMs) {
    var json = Json.object().put("phase", name).put("requests", stories.size());
    json.put("answered", stories.stream().filter(TimedAnswer::answered).count());
    json.put("rescued", stories.stream().filter(TimedAnswer::rescued).count());
    json.put("retried", stories.stream().filter(TimedAnswer::retried).count());
    json.put("failed", stories.stream().filter(story -> !story.answered()).count());
    if (usualMs > 0) {
      json.put("slowed", stories.stream().filter(each -> isSlow(each, usualMs)).count());
    }
    stories.stream()
        .mapToLong(TimedAnswer::silenceMs)
        .max()
        .ifPresent(ms -> json.put("longestSilenceMs", ms));
    if (!stories.isEmpty()) {
      json.put("medianMs", usualMs(stories));
    }
    return json;
  }

  private static boolean isSlow(TimedAnswer story, long usualMs) {
    return story.answered() && story.tookMs() > SLOWED * usualMs;
  }

  /** Median time of whole answers, or 0 if there is none. */
  private static long usualMs(List<TimedAnswer> stories) {
    var times =
        stories.stream()
            .filter(TimedAnswer::answered)
            .map(TimedAnswer::tookMs)
            .sorted()
            .collect(Collectors.toList());
    return times.isEmpty() ? 0 : times.get(times.size() / 2);
  }

  /** The report as a table and a last word. */
  static String render(JsonNode report) {
    var table =
        new Table(
            "",
            ">requests",
            ">answered",
            ">rescued",
            ">retried",
            ">slowed",
            ">failed",
            ">median",
            ">longest silence");
    for (var phase : Json.list(report, "phases")) {
      table.row(
          Json.text(phase, "phase"),
          Json.text(phase, "requests"),
          Json.text(phase, "answered"),
          Json.text(phase, "rescued"),
          Json.text(phase, "retried"),
          Json.number(phase, "slowed").isPresent() ? Json.text(phase, "slowed") : "-",
          Json.text(phase, "failed"),
          Json.millis(phase, "medianMs"),
          Json.millis(phase, "longestSilenceMs"));
    }
    var text = new StringBuilder(Json.text(report, "happened")).append(System.lineSeparator());
    text.append(table.render());
    if (Json.text(report, "streamsHit").equals("0")) {
      text.append(
              "No answer was under way on that machine when it happened, so no rescue was tried:")
          .append(" ask for more with --streams or --tokens, or name a --model that it has loaded.")
          .append(System.lineSeparator());
    }
    Json.list(report, "failures")
        .forEach(why -> text.append("failed: " + why.asText()).append(System.lineSeparator()));
    return text.toString();
  }
}
