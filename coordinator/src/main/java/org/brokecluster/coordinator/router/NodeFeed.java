package org.brokecluster.coordinator.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.router.ClusterView.MemberView;
import org.brokecluster.coordinator.routing.Effect;
import org.brokecluster.coordinator.routing.Moment;
import org.brokecluster.coordinator.routing.RouterCore;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.shared.host.HostSettings;

/** Tells a core what changed from one view to the next. One for each core. */
final class NodeFeed {
  private final Map<NodeId, MemberView> known = new HashMap<>();
  private final Set<String> addresses = new HashSet<>();

  /** Feeds a view; answers the core's effects. */
  List<Effect> feed(RouterCore core, ClusterView view, Moment now) {
    core.arriving((int) view.members().stream().filter(NodeFeed::arrives).count());
    var effects = new ArrayList<Effect>();
    var present = new HashSet<NodeId>();
    for (var member : view.nodes()) {
      var facts = member.facts();
      // A node is of use, and worth recording, once its load is known too.
      if (facts == null || member.load() == null) {
        continue;
      }
      present.add(facts.name());
      if (!member.equals(known.put(facts.name(), member))) {
        effects.addAll(core.nodeChanged(now, NodeState.of(facts, member.load(), reach(member))));
      }
    }
    var gone = new ArrayList<>(known.keySet());
    gone.removeAll(present);
    for (var name : gone) {
      known.remove(name);
      effects.addAll(core.nodeGone(now, name));
    }
    feedAddresses(core, view, now, effects);
    return effects;
  }

  private void feedAddresses(RouterCore core, ClusterView view, Moment now, List<Effect> effects) {
    var present = new HashSet<String>();
    view.members().forEach(member -> present.add(member.address()));
    var gone = new ArrayList<>(addresses);
    gone.removeAll(present);
    gone.forEach(address -> effects.addAll(core.memberGone(now, address)));
    addresses.clear();
    addresses.addAll(present);
  }

  /**
   * Whether a member is to run models and is not of use yet: it joins, or has told nothing so far.
   */
  private static boolean arrives(MemberView member) {
    return switch (member.membership()) {
      case JOINING -> member.roles().contains(HostSettings.NODE);
      case UP, DRAINING ->
          member.roles().contains(HostSettings.NODE)
              && (member.facts() == null || member.load() == null);
      case UNREACHABLE, LEAVING -> false;
    };
  }

  private static Reach reach(MemberView member) {
    return switch (member.membership()) {
      case UP, DRAINING -> Reach.UP;
      case UNREACHABLE -> Reach.UNREACHABLE;
      case JOINING, LEAVING -> Reach.AWAY;
    };
  }
}
