package org.brokecluster.coordinator.history.fold;

/**
 * How a model has done on a node so far.
 *
 * @param answers completed answers
 * @param failures attempts that broke
 * @param meanFirstTokenMs from the client's call to its first token; 0 if never timed
 * @param meanTokensPerSecond tokens after the first over the time from first to last; 0 if never
 *     timed
 */
public record LearnedSpeed(
    long answers, long failures, double meanFirstTokenMs, double meanTokensPerSecond) {

  static LearnedSpeed of(Counters<Learned> sums) {
    long firstTokens = sums.get(Learned.FIRST_TOKEN_COUNT);
    long decodeMs = sums.get(Learned.DECODE_MS);
    long gaps = sums.get(Learned.DECODE_TOKENS) - sums.get(Learned.DECODE_COUNT);
    return new LearnedSpeed(
        sums.get(Learned.ANSWERS),
        sums.get(Learned.FAILURES),
        firstTokens == 0 ? 0 : (double) sums.get(Learned.FIRST_TOKEN_MS) / firstTokens,
        decodeMs == 0 ? 0 : 1000.0 * Math.max(0, gaps) / decodeMs);
  }
}
