package org.brokecluster.coordinator.http.route;

import akka.NotUsed;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.ClusterDesk;
import org.brokecluster.coordinator.http.api.ApiJson;
import org.brokecluster.coordinator.http.api.PullEntry;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol.PullAction;
import org.brokecluster.protocol.node.NodeProtocol.PullStatus;

/**
 * What becomes of a pull, by asking its node again and again. The pull itself lives on the node's
 * host: it goes on when this edge or its client is gone, and while a membership is replaced.
 */
final class PullFeed {
  private static final Duration EVERY = Duration.ofMillis(500);

  /** Questions in a row that may stay without an answer: about two minutes. */
  private static final int SILENCE_MAX = 24;

  private final ClusterDesk desk;
  private final NodeId node;
  private final String model;
  private final Materializer materializer;

  PullFeed(ClusterDesk desk, NodeId node, String model, Materializer materializer) {
    this.desk = desk;
    this.node = node;
    this.model = model;
    this.materializer = materializer;
  }

  /** How it goes, until it is over; each a line of JSON. */
  Source<ByteString, NotUsed> lines(PullStatus begun) {
    return Source.single(PullEntry.of(begun))
        .concat(begun.phase().over() ? Source.empty() : entries())
        .map(
            entry ->
                ByteString.fromArray(ApiJson.write(entry)).concat(ByteString.fromString("\n")));
  }

  /** How it ended. */
  CompletionStage<PullEntry> end() {
    return entries().runWith(Sink.last(), materializer);
  }

  private Source<PullEntry, NotUsed> entries() {
    return Source.unfoldAsync(new Watch(0, false), this::next);
  }

  /**
   * Where the asking stands.
   *
   * @param silent questions in a row without an answer
   */
  private record Watch(int silent, boolean over) {}

  private CompletionStage<Optional<Pair<Watch, PullEntry>>> next(Watch watch) {
    if (watch.over()) {
      return java.util.concurrent.CompletableFuture.completedStage(Optional.empty());
    }
    return Patterns.after(
            EVERY,
            materializer.system(),
            () -> desk.pull(node, model, java.util.List.of(), PullAction.LOOK))
        .handle((status, failure) -> answered(watch, failure == null ? status : Optional.empty()));
  }

  private Optional<Pair<Watch, PullEntry>> answered(Watch watch, Optional<PullStatus> status) {
    if (status.isPresent()) {
      boolean over = status.get().phase().over();
      return Optional.of(Pair.create(new Watch(0, over), PullEntry.of(status.get())));
    }
    boolean lost = watch.silent() >= SILENCE_MAX;
    var entry =
        lost
            ? PullEntry.lost(node, model, "the node does not answer; the pull may go on there")
            : PullEntry.waiting(node, model);
    return Optional.of(Pair.create(new Watch(watch.silent() + 1, lost), entry));
  }
}
