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
  private double sharedWeight;
  private double sharedSum;

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
    sharedWeight = row.sharedWeight() == null ? 0 : row.sharedWeight();
    sharedSum = row.sharedSum() == null ? 0 : row.sharedSum();
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
      sharedWeight *= left;
      sharedSum *= left;
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

  /** What the same rating weighs for everybody else, in whose evidence it is as well. */
  void shared(double weight, double better) {
    sharedWeight += weight;
    sharedSum += weight * better;
  }

  /** A rating that was counted with this weight is another now. */
  void corrected(double weight, double by) {
    ratingSum += weight * by;
  }

  /** The same of what it weighs for everybody else. */
  void sharedCorrected(double weight, double by) {
    sharedSum += weight * by;
  }

  /** An answer ended: so much better than others. */
  void ended(double weight, double better) {
    outcomes++;
    outcomeWeight += weight;
    outcomeSum += weight * better;
  }

  /** What fading leaves at this moment of what is kept here. */
  private double leftAt(long nowMs, double halfLifeMs) {
    long hours = hours(nowMs);
    return hours == 0 ? 1 : left(hours, halfLifeMs);
  }

  /** The ratings at this moment. */
  Sum ratingsAt(long nowMs, double halfLifeMs) {
    return new Sum(ratingWeight, ratingSum).times(leftAt(nowMs, halfLifeMs));
  }

  /** The outcomes at this moment. */
  Sum outcomesAt(long nowMs, double halfLifeMs) {
    return new Sum(outcomeWeight, outcomeSum).times(leftAt(nowMs, halfLifeMs));
  }

  /** The ratings at this moment, as they are in everybody's evidence. */
  Sum sharedAt(long nowMs, double halfLifeMs) {
    return new Sum(sharedWeight, sharedSum).times(leftAt(nowMs, halfLifeMs));
  }

  /**
   * So much evidence.
   *
   * @param weight 0 and more
   * @param sum by how much it was better than expected, weighted and added up
   */
  record Sum(double weight, double sum) {
    /** None. */
    static final Sum NONE = new Sum(0, 0);

    /** Below this is nothing but rounding, and hours that are not over for both. */
    private static final double LEAST = 1e-3;

    Sum times(double factor) {
      return new Sum(factor * weight, factor * sum);
    }

    /** Without a part of it that counts elsewhere. */
    Sum without(Sum part) {
      return part.weight == 0
          ? this
          : weight - part.weight < LEAST ? NONE : new Sum(weight - part.weight, sum - part.sum);
    }

    /** Mean of the posterior distribution with this prior mean, which has this weight. */
    double from(double prior, double priorWeight) {
      return prior + (sum - weight * prior) / (priorWeight + weight);
    }
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

  /** Puts in what is kept here; what is shared follows from it and other rows. */
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
        outcomeSum,
        sharedWeight == 0 ? null : sharedWeight,
        sharedWeight == 0 ? null : sharedSum);
  }
}
