package org.brokecluster.coordinator.history.fold;

/**
 * A request that has no end yet. Mutable inside the one {@link RoutingState} that owns it.
 *
 * <p>States are {@code received}, {@code queued}, {@code decided}, {@code started} and {@code
 * retrying}.
 */
final class OpenRequest {
  final long number;
  final long atMs;
  int attempt;
  String state = "received";
  String model = "";
  String node = "";
  String strategy = "";

  OpenRequest(long number, long atMs) {
    this.number = number;
    this.atMs = atMs;
  }
}
