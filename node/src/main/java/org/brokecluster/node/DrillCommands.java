package org.brokecluster.node;

import java.time.Duration;
import java.util.Optional;
import org.brokecluster.node.drill.Drill;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what an operator asks of a drill. */
final class DrillCommands {
  private static final Logger LOG = LoggerFactory.getLogger(DrillCommands.class);

  private DrillCommands() {}

  /** Begins unless it refuses, and then answers; how long the drill is to last if it began. */
  static Optional<Duration> begin(Drill drill, NodeProtocol.Drill order, NodeId name) {
    var length = Duration.ofSeconds(order.seconds());
    var refusal = drill.refusal(order.kind(), length);
    var told = refusal == null ? order.kind().label() + " for " + order.seconds() + " s" : refusal;
    if (refusal == null) {
      LOG.warn("a drill begins: {}", told);
      drill.begin(order.kind());
    }
    // Only now: who is told that a drill began may count on it.
    order.replyTo().tell(new NodeProtocol.Done(refusal == null, name, told));
    return refusal == null ? Optional.of(length) : Optional.empty();
  }
}
