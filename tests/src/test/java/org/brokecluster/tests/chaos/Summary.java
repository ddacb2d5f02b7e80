package org.brokecluster.tests.chaos;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.brokecluster.tests.chaos.Tale.End;

/** What the requests of a run experienced, counted. Not thread safe. */
final class Summary {
  private final Map<End, Integer> ends = new EnumMap<>(End.class);
  private final Map<String, Integer> errors = new TreeMap<>();
  private int rescued;
  private int retried;
  private long longestSilenceMs;

  void add(Tale tale) {
    ends.merge(tale.end(), 1, Integer::sum);
    rescued += tale.rescued() && tale.end() == End.ANSWERED ? 1 : 0;
    retried += tale.attempts() > 1 ? 1 : 0;
    longestSilenceMs = Math.max(longestSilenceMs, tale.silenceMs());
    if (tale.end() == End.ERROR) {
      errors.merge(tale.detail().split(":", 2)[0], 1, Integer::sum);
    }
  }

  Summary copy() {
    var copy = new Summary();
    copy.ends.putAll(ends);
    copy.errors.putAll(errors);
    copy.rescued = rescued;
    copy.retried = retried;
    copy.longestSilenceMs = longestSilenceMs;
    return copy;
  }

  int count(End end) {
    return ends.getOrDefault(end, 0);
  }

  int requests() {
    return ends.values().stream().mapToInt(Integer::intValue).sum();
  }

  int rescued() {
    return rescued;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d requests: %d answered right (%d streams rescued, %d answers made again), %d honest"
            + " errors %s, %d corrupted, %d lost, %d hung; longest silence in a stream %.1f s",
        requests(),
        count(End.ANSWERED),
        rescued,
        retried,
        count(End.ERROR),
        errors,
        count(End.CORRUPTED),
        count(End.LOST),
        count(End.HUNG),
        longestSilenceMs / 1000.0);
  }
}
