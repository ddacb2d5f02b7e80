package org.brokecluster.coordinator.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.ModelId;
import org.jspecify.annotations.Nullable;

/** Tells what is worth recording when a node's state changes; load alone is not. */
final class NodeChanges {
  private NodeChanges() {}

  /** The events that lead from one state to the next. */
  static List<NodeChanged> between(@Nullable NodeState before, NodeState after, Moment now) {
    if (after.reach() == Reach.AWAY) {
      return List.of();
    }
    var changes = new ArrayList<NodeChanged>();
    var models = models(after);
    boolean known =
        before != null
            && before.reach() != Reach.AWAY
            && before.incarnation() == after.incarnation();
    if (!known) {
      changes.add(new NodeChanged(now.at(), after.name(), "joined", models, offer(after)));
    }
    boolean heard = after.reach() == Reach.UP;
    if (heard != (!known || before.reach() == Reach.UP)) {
      var change = heard ? "reachable" : "unreachable";
      changes.add(new NodeChanged(now.at(), after.name(), change, null));
    }
    if (after.draining() != (known && before.draining())) {
      var change = after.draining() ? "draining" : "resumed";
      changes.add(new NodeChanged(now.at(), after.name(), change, null));
    }
    if (known && !models(before).equals(models)) {
      changes.add(new NodeChanged(now.at(), after.name(), "models", models, offer(after)));
    }
    return changes;
  }

  /** Whether requests that wait may have a better chance now. */
  static boolean mayHelp(@Nullable NodeState before, NodeState after) {
    return before == null
        || before.incarnation() != after.incarnation()
        || (after.reach() == Reach.UP && before.reach() != Reach.UP)
        || (before.draining() && !after.draining())
        || !models(before).equals(models(after));
  }

  private static NodeOffer offer(NodeState state) {
    return new NodeOffer(
        state.memoryFreeBytes(),
        state.models().stream()
            .map(model -> new NodeOffer.Model(model.facts(), model.load()))
            .toList());
  }

  private static Map<ModelId, String> models(NodeState state) {
    var models = new TreeMap<ModelId, String>();
    state.models().forEach(model -> models.put(model.facts().id(), model.load().state().label()));
    return models;
  }
}
