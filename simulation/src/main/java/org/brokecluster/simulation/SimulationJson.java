package org.brokecluster.simulation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Results for programs. */
final class SimulationJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SimulationJson() {}

  /** What the runs came to. */
  static String of(Campaign.Result result, double seconds) {
    var root = JSON.createObjectNode();
    root.put("runs", result.runs());
    var kinds = root.putObject("kinds");
    result.kinds().forEach((kind, count) -> kinds.put(lower(kind), count));
    var requests = root.putObject("requests");
    result.ends().forEach((end, count) -> requests.put(lower(end), count));
    root.put("faults", result.faults());
    root.put("attempts_broken", result.brokenAttempts());
    root.put("answers_continued", result.rescued());
    root.put("steps", result.steps());
    root.put("virtual_seconds", result.virtualMs() / 1_000);
    root.put("seconds", Math.round(seconds * 10) / 10.0);
    var broken = root.putArray("broken");
    result.violations().forEach(each -> put(broken.addObject(), each));
    return root.toPrettyString();
  }

  private static void put(ObjectNode node, Violation violation) {
    node.put("seed", violation.seed());
    node.put("invariant", violation.invariant().label());
    node.put("step", violation.step());
    node.put("at_ms", violation.atMs());
    node.put("what", violation.what());
    var before = node.putArray("before");
    violation.before().forEach(before::add);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
