package org.brokecluster.node.runtime.simulated;

import java.time.Duration;
import java.util.Optional;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A way for a simulated runtime to go wrong. Durations are simulated ones: the time scale divides
 * them. Written as text (see {@link FaultParser}) such as {@code refuse:429:2s}, {@code
 * cut-after:40} or {@code slow:3}.
 */
public sealed interface Fault {
  /** What this does to an answer. */
  Effect effect();

  /**
   * Answers with an HTTP status of 400 or above before any token.
   *
   * @param retryAfter patience asked for, or null
   */
  record Refuse(int status, @Nullable Duration retryAfter) implements Fault {
    /** Refuses a status that is not an error. */
    public Refuse {
      if (status < 400 || status > 599) {
        throw new IllegalArgumentException("status must be 400 to 599: " + status);
      }
    }

    @Override
    public Effect effect() {
      var kind =
          status == 429 ? Kind.RATE_LIMITED : status >= 500 ? Kind.RUNTIME_ERROR : Kind.BAD_REQUEST;
      return Effect.failing(
          new AttemptFailure(
              kind,
              status,
              "simulated_" + status,
              "the simulated runtime was told to answer with status " + status,
              null,
              retryAfter == null ? null : retryAfter.toMillis()));
    }
  }

  /** Drops the connection before any byte. */
  record Reset() implements Fault {
    @Override
    public Effect effect() {
      return Effect.failing(
          AttemptFailure.of(
              Kind.RUNTIME_UNREACHABLE,
              "connection_reset",
              "the simulated runtime was told to drop the connection"));
    }
  }

  /** Takes the request, says nothing for this long, then drops the connection. */
  record Silence(Duration length) implements Fault {
    @Override
    public Effect effect() {
      return new Effect(new Reset().effect().failure(), length, -1, Duration.ZERO, 1);
    }
  }

  /** Says nothing for this long, then answers. */
  record SlowFirstToken(Duration delay) implements Fault {
    @Override
    public Effect effect() {
      return new Effect(null, delay, -1, Duration.ZERO, 1);
    }
  }

  /** Breaks the stream after so many tokens of this attempt. */
  record CutAfter(int tokens) implements Fault {
    @Override
    public Effect effect() {
      return new Effect(null, Duration.ZERO, tokens, Duration.ZERO, 1);
    }
  }

  /** Goes silent after so many tokens of this attempt, and breaks the stream in the end. */
  record StallAfter(int tokens, Duration length) implements Fault {
    @Override
    public Effect effect() {
      return new Effect(null, Duration.ZERO, tokens, length, 1);
    }
  }

  /** Says that the prompt is too long. */
  record ContextLengthExceeded() implements Fault {
    @Override
    public Effect effect() {
      return Effect.failing(
          new AttemptFailure(
              Kind.CONTEXT_LENGTH,
              400,
              "context_length_exceeded",
              "the simulated runtime was told to find the prompt too long",
              "messages",
              null));
    }
  }

  /** Declines the content. */
  record ContentPolicyViolation() implements Fault {
    @Override
    public Effect effect() {
      return Effect.failing(
          new AttemptFailure(
              Kind.CONTENT_POLICY,
              400,
              "content_policy_violation",
              "the simulated runtime was told to decline the content",
              null,
              null));
    }
  }

  /** Refuses to continue a text it did not begin, and answers otherwise. */
  record RefusePrefill() implements Fault {
    @Override
    public Effect effect() {
      return Effect.NONE;
    }
  }

  /** Lets the next load of a model break half-way; answers are not touched. */
  record LoadFailure() implements Fault {
    @Override
    public Effect effect() {
      return Effect.NONE;
    }
  }

  /** Reads and writes this many times more slowly. */
  record Slow(double factor) implements Fault {
    /** Refuses a factor below 1. */
    public Slow {
      if (!(factor >= 1)) {
        throw new IllegalArgumentException("slow factor must be at least 1: " + factor);
      }
    }

    @Override
    public Effect effect() {
      return new Effect(null, Duration.ZERO, -1, Duration.ZERO, factor);
    }
  }

  /**
   * What happens to one answer.
   *
   * @param failure how it ends without a token, or null
   * @param delay silence before that, or before the prompt is read
   * @param breakAfter tokens after which the stream breaks, negative for never
   * @param stall silence before it breaks
   * @param slowFactor how many times slower, at least 1
   */
  record Effect(
      @Nullable AttemptFailure failure,
      Duration delay,
      int breakAfter,
      Duration stall,
      double slowFactor) {
    static final Effect NONE = new Effect(null, Duration.ZERO, -1, Duration.ZERO, 1);

    static Effect failing(AttemptFailure failure) {
      return new Effect(failure, Duration.ZERO, -1, Duration.ZERO, 1);
    }

    /** Both: the failure and the break of this one win, delays and factors add up. */
    Effect and(Effect other) {
      boolean breaks = breakAfter >= 0;
      return new Effect(
          Optional.ofNullable(failure).orElse(other.failure),
          delay.plus(other.delay),
          breaks ? breakAfter : other.breakAfter,
          breaks ? stall : other.stall,
          slowFactor * other.slowFactor);
    }
  }
}
