package org.brokecluster.coordinator.http.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;
import org.jspecify.annotations.Nullable;

/**
 * How far a pull is: one line of {@code /api/pull}, in Ollama's words as far as those reach.
 *
 * @param status what goes on; {@code success} at the good end
 * @param error what went wrong, at the bad end only
 * @param total bytes of the whole model, as soon as that is known
 * @param completed bytes of it that are on disk
 * @param etaSeconds time left at the speed of late
 */
public record PullEntry(
    String status,
    @Nullable String error,
    String model,
    String node,
    @Nullable Long total,
    @Nullable Long completed,
    @Nullable Integer files,
    @JsonProperty("files_done") @Nullable Integer filesDone,
    @JsonProperty("bytes_per_second") @Nullable Long bytesPerSecond,
    @JsonProperty("eta_seconds") @Nullable Long etaSeconds,
    @Nullable String message) {

  /** From what a node tells. */
  public static PullEntry of(PullStatus status) {
    boolean sized = status.files() > 0;
    var speed = status.bytesPerSecond();
    long missing = status.bytes() - status.bytesDone();
    var phase = status.phase();
    boolean failed = phase == PullPhase.FAILED || phase == PullPhase.REFUSED;
    return new PullEntry(
        word(phase),
        failed ? status.message() : null,
        status.model(),
        status.node().value(),
        sized ? Long.valueOf(status.bytes()) : null,
        sized ? Long.valueOf(status.bytesDone()) : null,
        sized ? Integer.valueOf(status.files()) : null,
        sized ? Integer.valueOf(status.filesDone()) : null,
        speed,
        speed == null || speed <= 0 ? null : Long.valueOf(missing / speed),
        failed ? null : status.message());
  }

  /** The node is silent, which may pass. */
  public static PullEntry waiting(NodeId node, String model) {
    return bare("waiting for the node", null, node, model);
  }

  /** The node was silent for too long. */
  public static PullEntry lost(NodeId node, String model, String error) {
    return bare("lost", error, node, model);
  }

  private static PullEntry bare(String status, @Nullable String error, NodeId node, String model) {
    return new PullEntry(
        status, error, model, node.value(), null, null, null, null, null, null, null);
  }

  private static String word(PullPhase phase) {
    return switch (phase) {
      case ASKING -> "pulling manifest";
      case FETCHING -> "downloading";
      case DONE -> "success";
      case FAILED -> "failed";
      case STOPPED -> "stopped";
      case REFUSED -> "refused";
      case UNKNOWN -> "unknown";
    };
  }
}
