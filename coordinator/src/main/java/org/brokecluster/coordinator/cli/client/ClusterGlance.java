package org.brokecluster.coordinator.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
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

  /** Names of the machines that are up with a model in memory; none if that cannot be asked. */
  public List<String> serving() {
    try {
      return serving(client.get("/api/nodes"));
    } catch (VerbException e) {
      return List.of();
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

  /** The machines, as the edge tells of them. */
  public JsonNode nodes() {
    return client.get("/api/nodes");
  }
}
