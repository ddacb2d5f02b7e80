package org.brokecluster.coordinator.routing;

/** Where answers about a request go. The core hands it back unread. */
public interface EdgeAddress {
  /** Cluster address of the member the edge lives on, as {@code host:port}. */
  String member();
}
