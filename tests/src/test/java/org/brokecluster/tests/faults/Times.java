package org.brokecluster.tests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The times of the scenarios: as the description of the faults has them, or all of them shortened
 * alike, those of the product included.
 *
 * @param scale 1 for the times of the description; below that all are multiplied by it
 */
record Times(double scale) {
  private static final Duration SLACK = Duration.ofSeconds(6);

  /**
   * So many scenarios at once fail more often than the retries of one cluster may; each alone does
   * not.
   */
  private static final List<String> TOGETHER =
      List.of("broke.router.retries.burst=200", "broke.router.retries.per-second=50");

  /** A duration of the description, as it is played. */
  Duration of(double seconds) {
    return Duration.ofMillis(Math.round(seconds * scale * 1000));
  }

  /**
   * The longest something may take that the description allows so many seconds; shortened times
   * leave a busy machine some more, since its pauses are not shortened.
   */
  Duration atMost(double seconds) {
    return scale < 1 ? of(seconds).plus(SLACK) : of(seconds);
  }

  /** Seconds for the {@code Retry-After} header. */
  String retryAfter(double seconds) {
    return scale < 1 ? Double.toString(seconds * scale) : Long.toString(Math.round(seconds));
  }

  /** The product's own times: its defaults, shortened likewise. */
  List<String> settings() {
    if (scale >= 1) {
      return TOGETHER;
    }
    var settings = new ArrayList<>(TOGETHER);
    settings.addAll(shortened());
    return settings;
  }

  private List<String> shortened() {
    return List.of(
        "broke.limits.submit-repeat=" + millis(0.5),
        "broke.limits.margin=" + millis(10),
        "broke.limits.stall=" + millis(10),
        "broke.router.breaker.first=" + millis(5),
        "broke.router.breaker.most=" + millis(25),
        "broke.router.tick=" + millis(0.25),
        "broke.node.openai.finish-grace=" + millis(1.5));
  }

  private String millis(double seconds) {
    return of(seconds).toMillis() + "ms";
  }
}
