package org.brokecluster.node;

import org.brokecluster.protocol.node.NodeProtocol;

/** Gives measured speeds away, and takes those of other machines. Never blocks. */
final class SpeedCommands {
  private SpeedCommands() {}

  static NodeProtocol.Speeds read(NodeContext node) {
    var known = node.speeds().baselines().stream().limit(NodeProtocol.SPEEDS_MAX).toList();
    return new NodeProtocol.Speeds(node.name(), node.machine().kind(), known);
  }

  static NodeProtocol.Done adopt(NodeContext node, NodeProtocol.AdoptSpeeds adopt) {
    var kind = node.machine().kind();
    if (!adopt.force() && !adopt.machine().equals(kind)) {
      return done(
          node,
          false,
          "measured on %s, this is %s; --force takes them all the same"
              .formatted(adopt.machine().label(), kind.label()));
    }
    var taken = node.speeds().adopt(adopt.speeds());
    node.pool().speedsAdopted();
    int left = adopt.speeds().size() - taken.size();
    return done(
        node,
        true,
        "took the speeds of %d models%s"
            .formatted(taken.size(), left == 0 ? "" : "; %d are measured here".formatted(left)));
  }

  private static NodeProtocol.Done done(NodeContext node, boolean accepted, String message) {
    return new NodeProtocol.Done(accepted, node.name(), message);
  }
}
