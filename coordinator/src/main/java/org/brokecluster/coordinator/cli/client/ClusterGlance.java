package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.shared.cli.VerbException;

/** A short look at a cluster from outside, for whoever waits for it. Blocks the caller. */
public final class ClusterGlance {
  private final EdgeClient client;

  /**
   * At this base address.
   *
   * @param key API key, if the cluster asks for one
   */
  public ClusterGlance(String base, Optional<String> key) {
    this.client = new EdgeClient(base, key);
  }

  /** Whether an edge answers at all. */
  public boolean alive() {
    return client.status("/health").filter(status -> status == 200).isPresent();
  }

  /** Whether the edge says that a model can answer. */
  public boolean ready() {
    return client.status("/ready").filter(status -> status == 200).isPresent();
  }

  /**
   * How a cluster looks that is coming up.
   *
   * @param alive whether an edge answers at all
   * @param ready whether it says that a prompt can be answered
   * @param refused whether it does not show its machines, because it wants another API key
   * @param serving machines that are up with a model in memory
   * @param away machines that are there and take no new work, with the reason
   */
  public record Look(
      boolean alive,
      boolean ready,
      boolean refused,
      List<String> serving,
      Map<String, String> away) {
    /** Copies the collections. */
    public Look {
      serving = List.copyOf(serving);
      away = Map.copyOf(away);
    }

    /**
     * Whether all of these machines are there, and the cluster answers unless all of them are
     * wanted by their owners. Where machines are not shown, the edge's own word must do.
     */
    public boolean complete(List<String> machines) {
      if (refused) {
        return ready;
      }
      boolean there =
          machines.stream().allMatch(name -> serving.contains(name) || away.containsKey(name));
      return there && (ready || away.keySet().containsAll(machines));
    }
  }

  /** How it looks now. */
  public Look look() {
    if (!alive()) {
      return new Look(false, false, false, List.of(), Map.of());
    }
    try {
      var nodes = client.get("/api/nodes");
      return new Look(true, ready(), false, serving(nodes), away(nodes));
    } catch (VerbException e) {
      boolean refused = client.status("/api/nodes").filter(status -> status == 401).isPresent();
      return new Look(true, ready(), refused, List.of(), Map.of());
    }
  }

  static List<String> serving(JsonNode nodes) {
    return Json.list(nodes, "nodes").stream()
        .filter(node -> Json.text(node, "state").equals("up"))
        .filter(
            node ->
                Json.list(node.path("models")).stream()
                    .anyMatch(model -> Json.text(model, "state").equals("loaded")))
        .map(node -> Json.text(node, "name"))
        .sorted()
        .toList();
  }

  static Map<String, String> away(JsonNode nodes) {
    var away = new TreeMap<String, String>();
    for (var node : Json.list(nodes, "nodes")) {
      if (Json.text(node, "state").equals("draining")) {
        var reason = Json.find(node, "away").map(JsonNode::asText).orElse("it was drained");
        away.put(Json.text(node, "name"), reason);
      }
    }
    return away;
  }

  /** The machines, as the edge tells of them; empty where it wants another API key. */
  public Optional<JsonNode> nodes() {
    try {
      return Optional.of(client.get("/api/nodes"));
    } catch (VerbException e) {
      return Optional.empty();
    }
  }
}
