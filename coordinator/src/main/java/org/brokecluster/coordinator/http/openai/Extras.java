package org.brokecluster.coordinator.http.openai;

import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for beyond OpenAI's API, from {@code x-broke-*} headers or the body.
 *
 * @param wishes what the router is told
 * @param explain whether the answer should say how it was decided
 * @param keepSeconds how long the answer goes on without its client, 0 to {@value #KEEP_MAX}
 * @param maxSeconds longest time the client wants to wait in all, or null
 * @param parameters whether what it leaves open may be filled in
 */
public record Extras(
    Wishes wishes,
    boolean explain,
    int keepSeconds,
    @Nullable Integer maxSeconds,
    Rescue rescue,
    boolean parameters) {
  /** Longest keep that can be asked for, in seconds. */
  public static final int KEEP_MAX = 120;

  /** Longest {@code x-broke-max-seconds}: a day. */
  public static final int MAX_SECONDS_MAX = 86_400;

  /** A client that asked for nothing. */
  public static final Extras NONE =
      new Extras(Wishes.NONE, false, 0, null, Rescue.BEST_EFFORT, true);
}
