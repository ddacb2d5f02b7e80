package org.brokecluster.node.hardware;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What {@code ioreg -r -d 1 -c IOHIDSystem} prints of keyboards, mice and trackpads. Pure. */
final class IdleOutput {
  private static final Pattern IDLE = Pattern.compile("\"HIDIdleTime\"\\s*=\\s*(\\d{1,18})\\b");

  private IdleOutput() {}

  /** Time since one of them was touched last, by the one touched last; given in nanoseconds. */
  static Optional<Duration> untouched(String output) {
    return IDLE.matcher(output)
        .results()
        .map(match -> Duration.ofNanos(Long.parseLong(match.group(1))))
        .min(Duration::compareTo);
  }
}
