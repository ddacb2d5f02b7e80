package org.brokecluster.coordinator.demo;

import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.cli.client.ClusterGlance;

/** What the demo prints. Pure. */
final class DemoText {
  private static final String BODY =
      "{\"model\": \"auto\", \"messages\": [{\"role\": \"user\", \"content\": \"Why is the sky"
          + " blue?\"}]%s}";

  private DemoText() {}

  /** What is still missing, on one line. */
  static String awaited(ClusterGlance.Look look, long seconds) {
    if (!look.alive()) {
      return "waiting for the coordinator to answer (" + seconds + " s)";
    }
    if (look.refused()) {
      return "waiting for the cluster, which wants another API key to show more ("
          + seconds
          + " s)";
    }
    var missing =
        HostPlan.MACS.stream()
            .filter(mac -> !look.serving().contains(mac) && !look.away().containsKey(mac))
            .toList();
    return missing.isEmpty()
        ? "all three Macs are there, waiting for the router (" + seconds + " s)"
        : "waiting for " + String.join(", ", missing) + " (" + seconds + " s)";
  }

  /** The address, what to do with it, and the state of the cluster. */
  static String welcome(
      DemoSettings settings, List<HostChild> children, String nodesTable, ClusterGlance.Look look) {
    var text = new StringBuilder();
    text.append(look.ready() ? "\nThe cluster is ready at " : "\nThe cluster is up at ")
        .append(settings.url())
        .append("\n\n");
    text.append(nodesTable.indent(2)).append('\n');
    text.append(away(look));
    text.append("  The Macs are simulated, and so are the answers; the routing is real.\n\n");
    text.append(key(settings));
    text.append("Ask it, as you would ask OpenAI:\n\n").append(curl(settings, "")).append("\n\n");
    text.append("or with the answer as it is made:\n\n");
    text.append(curl(settings, ", \"stream\": true")).append("\n\n");
    var at = settings.port() == 8000 ? "" : " --port " + settings.port();
    text.append("Then, in another terminal:\n\n");
    text.append("  ./broke chat").append(at).append(" \"Why is the sky blue?\"\n");
    text.append("  ./broke route").append(at).append(" \"Refactor this module\"\n");
    text.append("  ./broke nodes").append(at).append('\n');
    text.append("  ./broke history").append(at).append('\n');
    text.append("  kill -9 ").append(pid(children, "studio-m2"));
    text.append("     # studio-m2 dies; see who answers now\n\n");
    text.append("Logs: ").append(settings.dataDir()).append("/NAME/log/broke.log\n");
    return text.append("Ctrl-C ends all of it.").toString();
  }

  /** Macs that take no work, and that nobody answers while it is all of them. */
  private static String away(ClusterGlance.Look look) {
    var text = new StringBuilder();
    for (var mac : HostPlan.MACS) {
      var reason = look.away().get(mac);
      if (reason != null) {
        text.append("  ").append(mac).append(" takes no new work: ").append(reason).append('\n');
      }
    }
    if (!look.ready()) {
      text.append("  None of them does, so prompts are refused until one is back");
      text.append(" (broke.node.away; ./broke resume NODE after a drain).\n");
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  /** Where the verbs and the examples find the key; never the key itself. */
  private static String key(DemoSettings settings) {
    return settings.key().filter(key -> !key.known()).isEmpty()
        ? ""
        : """
        It asks for an API key (broke.http.api-keys). Set one where you ask from:

          export BROKE_API_KEY=...

        """;
  }

  private static String pid(List<HostChild> children, String name) {
    return children.stream()
        .filter(child -> child.name().equals(name))
        .findFirst()
        .map(child -> String.valueOf(child.pid()))
        .orElse("PID");
  }

  private static String curl(DemoSettings settings, String more) {
    Optional<String> key = settings.apiKey();
    return "  curl "
        + (more.isEmpty() ? "" : "-N ")
        + settings.url()
        + "/v1/chat/completions"
        + (key.isPresent() ? " -H \"Authorization: Bearer $BROKE_API_KEY\"" : "")
        + " -H 'Content-Type: application/json' \\\n    -d '"
        + BODY.formatted(more)
        + "'";
  }
}
