package org.brokecluster.node;

import org.brokecluster.protocol.node.NodeProtocol;

/** Carries out what an operator asks about fetching models. */
final class PullCommands {
  private PullCommands() {}

  /** Answers at once; what is fetched takes its time. */
  static void run(NodeContext node, NodeProtocol.Pull pull) {
    var puller = node.puller();
    pull.replyTo()
        .tell(
            switch (pull.action()) {
              case START -> puller.start(pull.model(), pull.include());
              case LOOK -> puller.look(pull.model());
              case STOP -> puller.stop(pull.model());
            });
  }
}
