package org.brokecluster.coordinator.routing.scorer;

/**
 * Takes the contenders of the nearest tier in turn; the others only where that tier is missing.
 * Never waits while one of them is free.
 */
public final class RoundRobinStrategy implements Strategy {
  @Override
  public String name() {
    return "round-robin";
  }

  @Override
  public double score(Contender contender, Contest contest) {
    if (contender.place() < 0) {
      return 0;
    }
    long ahead = Math.floorMod(contender.place() - contest.turn(), (long) contest.places());
    return 1 - (double) ahead / contest.places();
  }

  @Override
  public boolean waitsForBetter() {
    return false;
  }
}
