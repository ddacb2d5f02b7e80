package org.brokecluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.NodeLoad;
import org.jspecify.annotations.Nullable;

/** What one coordinator sees of the cluster: gossiped loads, and who is heard. */
final class Sight {
  private static final long UNREACHABLE_MS = 6_000;

  private static final class Seen {
    private final Membership of;
    private NodeLoad load;
    private Reach reach = Reach.UP;
    private long heardMs;

    private Seen(Membership of, NodeLoad load, long nowMs) {
      this.of = of;
      this.load = load;
      this.heardMs = nowMs;
    }
  }

  private final World world;
  private final Membership in;
  private final Map<NodeId, Seen> seen = new TreeMap<>();
  private @Nullable PlayedRouter router;

  Sight(World world, Membership in) {
    this.world = world;
    this.in = in;
    lookLater();
  }

  Membership in() {
    return in;
  }

  /** The router that runs here. */
  void router(PlayedRouter here) {
    router = here;
  }

  @Nullable PlayedRouter router() {
    return router;
  }

  /** Gossip has come. */
  void load(Membership of, NodeLoad load) {
    var name = of.machine().name();
    var known = seen.get(name);
    if (known != null && known.of.uid() > of.uid()) {
      return;
    }
    if (known == null || known.of.uid() < of.uid()) {
      known = new Seen(of, load, world.time().nowMs());
      seen.put(name, known);
    } else if (load.sequence() <= known.load.sequence()) {
      return;
    }
    known.load = load;
    tell(known);
  }

  /** A member is gone. */
  void removed(Membership of) {
    var known = seen.get(of.machine().name());
    if (known != null && known.of.equals(of)) {
      seen.remove(of.machine().name());
      if (router != null) {
        router.nodeGone(of.machine().name(), of);
      }
    }
  }

  private void lookLater() {
    in.machine()
        .after(
            500,
            "failure detector of " + in,
            () -> {
              if (!in.ended()) {
                look();
                lookLater();
              }
            });
  }

  private void look() {
    long now = world.time().nowMs();
    for (var each : List.copyOf(seen.values())) {
      var machine = each.of.machine();
      boolean heard =
          machine.awake() && !each.of.ended() && world.network().connected(machine, in.machine());
      each.heardMs = heard ? now : each.heardMs;
      var reach = now - each.heardMs >= UNREACHABLE_MS ? Reach.UNREACHABLE : Reach.UP;
      if (reach != each.reach) {
        each.reach = reach;
        tell(each);
      }
    }
  }

  private void tell(Seen known) {
    if (router != null) {
      router.nodeChanged(state(known));
    }
  }

  private NodeState state(Seen known) {
    return NodeState.of(world.facts(known.of), known.load, known.reach);
  }

  /** Every node of which the load is known. */
  List<NodeState> states() {
    var all = new ArrayList<NodeState>();
    seen.values().forEach(each -> all.add(state(each)));
    return all;
  }

  /** Highest term any node has reported. */
  long highestTerm() {
    return seen.values().stream().mapToLong(each -> each.load.termSeen()).max().orElse(0);
  }

  /** Where messages for a node go. */
  @Nullable PlayedNode node(NodeId name) {
    var known = seen.get(name);
    return known == null ? null : world.node(known.of);
  }
}
