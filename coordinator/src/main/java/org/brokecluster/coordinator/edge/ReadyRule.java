package org.brokecluster.coordinator.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.brokecluster.coordinator.http.api.ModelEntry;
import org.brokecluster.coordinator.http.api.NodeEntry;
import org.brokecluster.coordinator.http.api.Readiness;
import org.brokecluster.protocol.state.RouterStatus;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /ready} means: a prompt sent to this edge can be answered. Somebody has to decide,
 * and one node has to take requests with a model that can answer. Until the cluster has been
 * complete once, as many nodes as are needed must have come; after that one may go again without a
 * load balancer taking the edge out. Thread safe.
 */
final class ReadyRule {
  private static final String COORDINATOR = "coordinator";
  private static final String UP = "up";

  /** States in which a node is there, whether it takes requests or not. */
  private static final Set<String> THERE = Set.of(UP, "draining");

  private final int nodesNeeded;
  private final AtomicBoolean completeOnce = new AtomicBoolean();

  /**
   * For an edge that starts.
   *
   * @param nodesNeeded nodes that must have come before the edge calls itself ready, at least 1
   */
  ReadyRule(int nodesNeeded) {
    this.nodesNeeded = nodesNeeded;
  }

  /**
   * How it is now.
   *
   * @param router the router's latest status, or null before the first one arrived
   * @param joinTrouble why this host has not joined, or null if nothing is known of that
   */
  Readiness now(
      List<NodeEntry> nodes, @Nullable RouterStatus router, @Nullable String joinTrouble) {
    var reasons = new ArrayList<String>();
    if (router == null) {
      reasons.add(joinTrouble == null ? "no coordinator has been heard of yet" : joinTrouble);
    } else if (nobodyDecides(nodes, router)) {
      reasons.add(
          "the coordinator %s cannot be reached%s"
              .formatted(router.coordinator(), joinTrouble == null ? "" : ": " + joinTrouble));
    }
    long there = nodes.stream().filter(node -> hasModels(node, THERE)).count();
    if (there >= nodesNeeded) {
      completeOnce.set(true);
    }
    long up = nodes.stream().filter(node -> hasModels(node, Set.of(UP))).count();
    long servable = ModelEntry.of(nodes).stream().filter(ModelEntry::servable).count();
    if (!completeOnce.get()) {
      reasons.add("%d of %d nodes are up with a model".formatted(there, nodesNeeded));
    } else if (up == 0) {
      reasons.add("no node takes requests" + why(nodes));
    }
    if (up > 0 && servable == 0) {
      reasons.add("no node has a model that can answer");
    }
    return new Readiness(
        reasons.isEmpty(),
        reasons,
        (int) up,
        (int) servable,
        router == null ? "" : router.coordinator().value(),
        router == null ? "unknown" : router.history(),
        router == null ? 0 : router.historyBacklog(),
        router == null ? 0 : router.historyLost());
  }

  /** While one of three takes over, prompts wait for it and are answered. */
  private static boolean nobodyDecides(List<NodeEntry> nodes, RouterStatus router) {
    var name = router.coordinator().value();
    return nodes.stream()
        .filter(node -> node.name().equals(name) || node.roles().contains(COORDINATOR))
        .noneMatch(node -> THERE.contains(node.state()));
  }

  private static boolean hasModels(NodeEntry node, Set<String> states) {
    return states.contains(node.state()) && !node.models().isEmpty();
  }

  private static String why(List<NodeEntry> nodes) {
    var each =
        nodes.stream()
            .filter(node -> !node.models().isEmpty())
            .map(ReadyRule::said)
            .collect(Collectors.joining(", "));
    return each.isEmpty() ? "" : ": " + each;
  }

  private static String said(NodeEntry node) {
    return "%s is %s%s"
        .formatted(node.name(), node.state(), node.away() == null ? "" : ", " + node.away());
  }
}
