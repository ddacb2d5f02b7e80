package org.brokecluster.protocol.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which kept texts a question is about; every condition that is not null must hold.
 *
 * @param from said then or later
 * @param to said before
 * @param user name of the person who asked, or the opaque id
 * @param source {@code page}, {@code api}, {@code agent}, {@code bench} or {@code hand}
 * @param role of the agent that asked
 * @param model that answered
 * @param tier of that model
 * @param ratingMin least rating, 1 to 5; what nobody rated is left out then
 */
public record ContentFilter(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String user,
    @Nullable String source,
    @Nullable String role,
    @Nullable String model,
    @Nullable String tier,
    @Nullable Integer ratingMin) {
  /** Every text. */
  public static final ContentFilter ALL =
      new ContentFilter(null, null, null, null, null, null, null, null);
}
