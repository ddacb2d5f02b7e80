package org.brokecluster.coordinator.http.api;

import java.util.List;
import java.util.Map;
import org.brokecluster.protocol.state.LearningStatus;
import org.brokecluster.protocol.state.RouterStatus;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at a glance, as one edge sees it.
 *
 * @param node name of the edge that answers
 * @param ready whether a model can answer
 * @param reasons why not
 * @param config {@code ok}, or what of the changed configuration is not in force, and why
 * @param coordinator member that decides, or null if none is known
 * @param term number of its reign
 * @param queued requests waiting at the router
 * @param running attempts ticketed and not yet closed
 * @param historyPlace file or address of the history; null while the router has said nothing of it
 * @param historyShared whether every coordinator reaches it; null likewise
 * @param historyTrouble why nothing can be stored there at the moment; null if it can
 * @param content whether prompts and answers are kept
 * @param queue the queue in detail; null while the router has said nothing of it
 * @param learning how promises of time are kept, and how much was learned; null as above
 */
public record ClusterStatus(
    String node,
    String version,
    boolean ready,
    List<String> reasons,
    String config,
    @Nullable String coordinator,
    @Nullable Long term,
    @Nullable String strategy,
    int queued,
    Map<String, Integer> queuedByModel,
    int running,
    @Nullable String history,
    long historyBacklog,
    long historyLost,
    @Nullable String historyPlace,
    @Nullable Boolean historyShared,
    @Nullable String historyTrouble,
    ContentEntry content,
    @Nullable QueueEntry queue,
    @Nullable LearningStatus learning,
    List<NodeEntry> nodes) {
  /** Copies the collections. */
  public ClusterStatus {
    reasons = List.copyOf(reasons);
    queuedByModel = Map.copyOf(queuedByModel);
    nodes = List.copyOf(nodes);
  }

  /**
   * From what an edge knows.
   *
   * @param router the router's latest word, or null if none has arrived
   */
  public static ClusterStatus of(
      String node,
      String version,
      Readiness readiness,
      String config,
      @Nullable RouterStatus router,
      ContentEntry content,
      List<NodeEntry> nodes) {
    var historyAt = router == null ? null : router.historyAt();
    return new ClusterStatus(
        node,
        version,
        readiness.ready(),
        readiness.reasons(),
        config,
        router == null ? null : router.coordinator().value(),
        router == null ? null : router.term(),
        router == null ? null : router.strategy(),
        router == null ? 0 : router.queued(),
        router == null ? Map.of() : router.queuedByModel(),
        router == null ? 0 : router.running(),
        router == null ? null : router.history(),
        router == null ? 0 : router.historyBacklog(),
        router == null ? 0 : router.historyLost(),
        historyAt == null ? null : historyAt.place(),
        historyAt == null ? null : historyAt.shared(),
        historyAt == null ? null : historyAt.trouble(),
        content,
        QueueEntry.of(router),
        router == null ? null : router.learning(),
        nodes);
  }
}
