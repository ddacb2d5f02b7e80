package org.brokecluster.node;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.brokecluster.node.away.Absence;
import org.brokecluster.node.away.AwayRules;
import org.brokecluster.node.hardware.OwnerSigns;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.AttemptProtocol;
import org.brokecluster.protocol.node.NodeProtocol;
import org.brokecluster.protocol.state.MachineLoad;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the node takes work, for which reasons not, and who waits for the rest of it to be gone.
 * Used by the node's actor only.
 */
final class Attendance {
  private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);
  private static final String DRAINED = "the node is drained";

  private final NodeSettings settings;
  private final Consumer<Boolean> drain;
  private final Consumer<AttemptProtocol.Command> attempts;
  private final Absence absence = new Absence();
  private final AwayRules rules;
  private final List<ActorRef<NodeProtocol.Done>> waiting = new ArrayList<>();

  /**
   * A node that is there.
   *
   * @param drain told whether new work is refused
   * @param attempts tells every open attempt
   */
  Attendance(
      NodeSettings settings, Consumer<Boolean> drain, Consumer<AttemptProtocol.Command> attempts) {
    this.settings = settings;
    this.drain = drain;
    this.attempts = attempts;
    this.rules = new AwayRules(settings.away());
  }

  /** An operator starts or ends a drain. */
  void drained(boolean on) {
    if (on) {
      leave(DRAINED, settings.drainTime());
    } else {
      stay(DRAINED);
    }
  }

  /** The machine tells how it and its owner are, which may be a reason of its own. */
  void look(MachineLoad machine, OwnerSigns owner) {
    var now = rules.look(machine, owner);
    for (var reason : AwayRules.Reason.values()) {
      if (!now.contains(reason)) {
        stay(reason.text());
      } else if (!absence.isFor(reason.text())) {
        leave(reason.text(), settings.drainTime());
      }
    }
  }

  /** There is a reason: what is open should be gone within this time. */
  void leave(String reason, Duration within) {
    if (absence.begin(reason)) {
      LOG.info("takes no new work: reason={}", reason);
    }
    drain.accept(true);
    attempts.accept(new AttemptActor.Leave(reason, within));
  }

  /** A reason is gone. */
  void stay(String reason) {
    if (absence.end(reason)) {
      LOG.info("takes new work again: gone={}", reason);
      drain.accept(false);
      attempts.accept(AttemptActor.Stay.INSTANCE);
    }
  }

  /** Why the node takes no work, in words; null while it does. */
  @Nullable String away() {
    return absence.why();
  }

  /** Somebody wants to know when nothing is open any more. */
  void await(ActorRef<NodeProtocol.Done> who) {
    waiting.add(who);
  }

  /** So many attempts are open. */
  void open(int count, NodeId node) {
    if (count == 0) {
      waiting.forEach(each -> each.tell(new NodeProtocol.Done(true, node, "stopped")));
      waiting.clear();
    }
  }
}
