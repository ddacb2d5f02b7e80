package org.brokecluster.coordinator.edge;

import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.coordinator.router.ClusterView;
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

  /** Whether a node's answers are simulated. */
  boolean isSimulated(NodeId node) {
    return view.get()
        .member(node)
        .map(ClusterView.MemberView::facts)
        .map(facts -> facts.simulated())
        .orElse(false);
  }
}
