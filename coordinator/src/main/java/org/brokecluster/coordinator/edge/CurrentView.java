package org.brokecluster.coordinator.edge;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.router.ClusterView;
import org.brokecluster.coordinator.routing.state.NodeState;
import org.brokecluster.coordinator.routing.state.Reach;
import org.brokecluster.protocol.id.NodeId;

/** The latest view of the cluster, for whoever answers from it. Thread safe. */
final class CurrentView {
  private final AtomicReference<ClusterView> view = new AtomicReference<>(ClusterView.EMPTY);

  ClusterView get() {
    return view.get();
  }

  void set(ClusterView latest) {
    view.set(latest);
  }

  /** What each node can do now. */
  Map<NodeId, NodeOffer> offers() {
    var offers = new TreeMap<NodeId, NodeOffer>();
    for (var member : view.get().nodes()) {
      if (member.facts() != null) {
        var state = NodeState.of(member.facts(), member.load(), Reach.UP);
        offers.put(
            state.name(),
            new NodeOffer(
                state.memoryFreeBytes(),
                state.models().stream()
                    .map(model -> new NodeOffer.Model(model.facts(), model.load()))
                    .toList()));
      }
    }
    return offers;
  }

  /** Whether a node's answers are simulated. */
  boolean isSimulated(NodeId node) {
    return view.get()
        .member(node)
        .map(ClusterView.MemberView::facts)
        .map(facts -> facts.simulated())
        .orElse(false);
  }
}
