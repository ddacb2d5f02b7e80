package org.brokecluster.node.runtime.simulated;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Reads a {@link Fault} from text. */
public final class FaultParser {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)?");
  private static final String ALLOWED =
      "refuse:STATUS[:RETRY_AFTER], reset, silence:TIME, slow-first-token:TIME, cut-after:TOKENS,"
          + " stall-after:TOKENS:TIME, context-length, content-policy, refuse-prefill,"
          + " load-failure, slow:FACTOR";

  private FaultParser() {}

  /**
   * The fault a text names; times are like {@code 500ms}, {@code 2s} or {@code 1m}.
   *
   * @throws IllegalArgumentException naming everything that is allowed
   */
  public static Fault parse(String text) {
    var parts = List.of(text.strip().split(":", -1));
    try {
      return parse(parts.get(0), parts.subList(1, parts.size()));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "unknown fault \"%s\", allowed are: %s".formatted(text, ALLOWED), e);
    }
  }

  private static Fault parse(String name, List<String> rest) {
    return switch (name) {
      case "refuse" ->
          new Fault.Refuse(count(rest.get(0)), rest.size() > 1 ? time(rest.get(1)) : null);
      case "reset" -> new Fault.Reset();
      case "silence" -> new Fault.Silence(time(rest.get(0)));
      case "slow-first-token" -> new Fault.SlowFirstToken(time(rest.get(0)));
      case "cut-after" -> new Fault.CutAfter(count(rest.get(0)));
      case "stall-after" -> new Fault.StallAfter(count(rest.get(0)), time(rest.get(1)));
      case "context-length" -> new Fault.ContextLengthExceeded();
      case "content-policy" -> new Fault.ContentPolicyViolation();
      case "refuse-prefill" -> new Fault.RefusePrefill();
      case "load-failure" -> new Fault.LoadFailure();
      case "slow" -> new Fault.Slow(Double.parseDouble(rest.get(0)));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static int count(String text) {
    int value = Integer.parseInt(text);
    if (value < 0) {
      throw new IllegalArgumentException("must not be negative: " + value);
    }
    return value;
  }

  private static Duration time(String text) {
    var match = DURATION.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("must be like 2s: " + text);
    }
    long value = Long.parseLong(match.group(1));
    var unit = match.group(2);
    if ("ms".equals(unit)) {
      return Duration.ofMillis(value);
    }
    return "m".equals(unit) ? Duration.ofMinutes(value) : Duration.ofSeconds(value);
  }
}
