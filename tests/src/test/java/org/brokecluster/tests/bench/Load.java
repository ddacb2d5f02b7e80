package org.brokecluster.tests.bench;

import java.time.Duration;

/**
 * What a {@link LoadGenerator} does to a server.
 *
 * @param name short name in results
 * @param connections clients at once, each with a connection of its own
 * @param streamed whether answers are streamed
 * @param tokens tokens of each answer
 * @param pause what the model server takes for a token; zero for full speed
 * @param duration how long clients begin new requests; zero for one request each
 * @param ramp time over which the clients come
 * @param cut tokens after which the model server breaks the connection, 0 for never; for tests
 */
public record Load(
    String name,
    int connections,
    boolean streamed,
    int tokens,
    Duration pause,
    Duration duration,
    Duration ramp,
    int cut) {

  /** Requests that are answered in one piece, one after the other on each connection. */
  public static Load whole(int connections, Duration duration) {
    return new Load(
        "ns" + connections, connections, false, 16, Duration.ZERO, duration, Duration.ZERO, 0);
  }

  /** Streams at full speed, one after the other on each connection. */
  public static Load streams(int connections, Duration duration) {
    return new Load(
        "st" + connections, connections, true, 200, Duration.ZERO, duration, Duration.ZERO, 0);
  }

  /** Slow streams that are all there at the same time, a token a second. */
  public static Load held(int connections, Duration duration) {
    return new Load(
        "hold" + connections,
        connections,
        true,
        (int) duration.toSeconds(),
        Duration.ofSeconds(1),
        Duration.ZERO,
        Duration.ofSeconds(5),
        0);
  }

  /** Whether each client asks once only. */
  boolean once() {
    return duration.isZero();
  }
}
