package org.brokecluster.coordinator.request;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.brokecluster.coordinator.http.ContractHeaders;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/**
 * What all answers of an edge share.
 *
 * @param streamBuffer bytes of a stream that may wait for a client that reads slowly
 * @param congestion bytes from which the node is made to wait; well below the buffer
 * @param answerMax most characters of an answer that is not streamed
 * @param silence pause after which a stream gets a comment line
 * @param headersAfter longest wait for a node before a stream's headers go out without its name
 * @param epochSeconds wall clock for the {@code created} field
 * @param clock monotonic milliseconds
 * @param simulated whether a node's answers are simulated
 */
record AnswerSettings(
    int streamBuffer,
    int congestion,
    long answerMax,
    Duration silence,
    Duration headersAfter,
    LongSupplier epochSeconds,
    LongSupplier clock,
    Predicate<NodeId> simulated) {

  ContractHeaders headers(RequestId request, @Nullable Placement placement, int attempts) {
    return headers(request, placement, attempts, null);
  }

  /** The same while it is only known about when something will come. */
  ContractHeaders headers(
      RequestId request, @Nullable Placement placement, int attempts, @Nullable Long etaMs) {
    boolean pretended = placement != null && simulated.test(placement.node());
    return new ContractHeaders(request, placement, attempts, pretended, etaMs);
  }
}
