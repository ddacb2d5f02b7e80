package org.brokecluster.tests.bench;

import java.util.Map;
import java.util.TreeMap;

/** What came of a {@link Load}. Filled by the generator's thread, read afterwards. */
public final class LoadResult {
  private final Load load;
  private final Samples latency = new Samples();
  private final Samples firstToken = new Samples();
  private final Samples longestGap = new Samples();
  private final Map<String, Integer> failures = new TreeMap<>();
  private long tokens;
  private double seconds;

  LoadResult(Load load) {
    this.load = load;
  }

  void completed(long nanos, long firstTokenNanos, long gapNanos) {
    latency.add(nanos);
    tokens += load.tokens();
    if (load.streamed()) {
      firstToken.add(firstTokenNanos);
      longestGap.add(gapNanos);
    }
  }

  void failed(String kind) {
    failures.merge(kind, 1, Integer::sum);
  }

  void took(double measured) {
    seconds = measured;
  }

  /** The load this is the result of. */
  public Load load() {
    return load;
  }

  /** Answers that came whole and right. */
  public int completed() {
    return latency.count();
  }

  /** Tokens in them. */
  public long tokens() {
    return tokens;
  }

  /** Answers that did not, by what was wrong. */
  public Map<String, Integer> failures() {
    return Map.copyOf(failures);
  }

  /** All failures. */
  public int failed() {
    return failures.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How long it took in seconds. */
  public double seconds() {
    return seconds;
  }

  /** From the request to the end of its answer, in ms. */
  public double latencyMillis(double share) {
    return latency.millis(share);
  }

  /** From the request to its first token, in ms; not a number unless streamed. */
  public double firstTokenMillis(double share) {
    return firstToken.millis(share);
  }

  /** The longest silence within a stream, in ms; not a number unless streamed. */
  public double gapMillis(double share) {
    return longestGap.millis(share);
  }
}
