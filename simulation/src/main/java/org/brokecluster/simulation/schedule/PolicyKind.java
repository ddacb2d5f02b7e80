package org.brokecluster.simulation.schedule;

import org.brokecluster.coordinator.routing.RouterSettings;
import org.brokecluster.coordinator.routing.scorer.Strategies;

/** Who decides in a run. */
public enum PolicyKind {
  /** This program's router. */
  BROKE("broke"),
  /** In turn. */
  ROUND_ROBIN("round-robin"),
  /** The fewest requests. */
  LEAST_IN_FLIGHT("least-in-flight"),
  /** What is in memory, weighed by bandwidth. */
  RESIDENCY_FIRST("residency-first"),
  /** A conversation stays where it is. */
  PREFIX_STICKY("prefix-sticky"),
  /** Who knows the future. */
  CLAIRVOYANT("clairvoyant");

  private final String label;

  PolicyKind(String label) {
    this.label = label;
  }

  /** Name in the tables. */
  public String label() {
    return label;
  }

  /** A policy for one run. */
  Policy create(RouterSettings settings, Strategies strategies) {
    return switch (this) {
      case BROKE -> new CorePolicy(settings, strategies);
      case ROUND_ROBIN -> new Rival.RoundRobin();
      case LEAST_IN_FLIGHT -> new Rival.LeastInFlight();
      case RESIDENCY_FIRST -> new ResidencyFirst();
      case PREFIX_STICKY -> new Rival.PrefixSticky();
      case CLAIRVOYANT ->
          new Clairvoyant(strategies.find(settings.strategy()).orElseThrow(), settings);
    };
  }
}
