package org.brokecluster.coordinator.history.learning;

import org.brokecluster.coordinator.history.event.LearnedFigures;

/**
 * Ratings and outcomes of one key. Weights fade by whole hours, so that two readers that look at
 * different moments of an hour see the same. Not thread safe.
 */
final class Evidence {
  private static final long HOUR_MS = 3_600_000;

  private long sinceMs;
  private long ratings;
  private double ratingWeight;
  private double ratingSum;
  private long outcomes;
  private double outcomeWeight;
  private double outcomeSum;

  Evidence(long nowMs) {
    sinceMs = nowMs;
  }

  /** As it was recorded at this moment. */
  Evidence(LearnedFigures.Row row, long atMs) {
    sinceMs = atMs;
    ratings = row.ratings();
    ratingWeight = row.ratingWeight();
    ratingSum = row.ratingSum();
    outcomes = row.outcomes();
    outcomeWeight = row.outcomeWeight();
    outcomeSum = row.outcomeSum();
  }

  /** Lets time pass. */
  void fade(long nowMs, double halfLifeMs) {
    long hours = hours(nowMs);
    if (hours > 0) {
      double left = left(hours, halfLifeMs);
      ratingWeight *= left;
      ratingSum *= left;
      outcomeWeight *= left;
      outcomeSum *= left;
      sinceMs += hours * HOUR_MS;
    }
  }

  private long hours(long nowMs) {
    return Math.max(0, nowMs - sinceMs) / HOUR_MS;
  }

  private static double left(long hours, double halfLifeMs) {
    return StrictMath.pow(0.5, hours * HOUR_MS / halfLifeMs);
  }

  /** A rating came: so much better than expected. */
  void rated(double weight, double better) {
    ratings++;
    ratingWeight += weight;
    ratingSum += weight * better;
  }

  /** A rating that was counted with this weight is another now. */
  void corrected(double weight, double by) {
    ratingSum += weight * by;
  }

  /** An answer ended: so much better than others. */
  void ended(double weight, double better) {
    outcomes++;
    outcomeWeight += weight;
    outcomeSum += weight * better;
  }

  /** What fading leaves at this moment of what is kept here. */
  double leftAt(long nowMs, double halfLifeMs) {
    long hours = hours(nowMs);
    return hours == 0 ? 1 : left(hours, halfLifeMs);
  }

  long ratings() {
    return ratings;
  }

  double ratingWeight() {
    return ratingWeight;
  }

  double ratingSum() {
    return ratingSum;
  }

  long outcomes() {
    return outcomes;
  }

  double outcomeWeight() {
    return outcomeWeight;
  }

  double outcomeSum() {
    return outcomeSum;
  }

  /** Puts in what is kept here. */
  void into(Trace trace) {
    trace.put(ratingWeight).put(ratingSum).put(outcomeWeight).put(outcomeSum);
  }

  LearnedFigures.Row row(LearnedKey key) {
    return new LearnedFigures.Row(
        key.model(),
        key.topic() == null ? null : key.topic().label(),
        key.role(),
        key.user(),
        ratings,
        ratingWeight,
        ratingSum,
        outcomes,
        outcomeWeight,
        outcomeSum);
  }
}
