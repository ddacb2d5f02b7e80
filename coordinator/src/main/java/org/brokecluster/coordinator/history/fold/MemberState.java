package org.brokecluster.coordinator.history.fold;

import java.util.TreeMap;

/**
 * A member as the events tell of it. Mutable inside the one {@link RoutingState} that owns it.
 *
 * <p>States are {@code up}, {@code unreachable} and {@code draining}; models by id with the label
 * of their state.
 */
final class MemberState {
  String state = "up";
  final TreeMap<String, String> models = new TreeMap<>();
}
