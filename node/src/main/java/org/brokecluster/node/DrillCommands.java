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

  /** Answers, and then begins unless it refused; how long the drill is to last if it began. */
  static Optional<Duration> begin(Drill drill, NodeProtocol.Drill order, NodeId name) {
    var length = Duration.ofSeconds(order.seconds());
    var refusal = drill.refusal(order.kind(), length);
    var told = refusal == null ? order.kind().label() + " for " + order.seconds() + " s" : refusal;
    order.replyTo().tell(new NodeProtocol.Done(refusal == null, name, told));
    if (refusal != null) {
      return Optional.empty();
    }
    LOG.warn("a drill begins: {}", told);
    drill.begin(order.kind());
    return Optional.of(length);
  }
}
