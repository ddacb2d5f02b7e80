package org.brokecluster.coordinator.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.id.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints of kept texts ask; every question comes to an end by itself. A failure with an
 * {@code ApiException} becomes that error.
 */
public interface CollectDesk {
  /**
   * Kept texts, redacted, the latest first.
   *
   * @param limit 1 to 500
   * @param before cursor of an earlier page, or null
   * @param countOnly whether only the counts are wanted
   */
  CompletionStage<ContentProtocol.Page> texts(
      ContentFilter filter, int limit, @Nullable String before, boolean countOnly);

  /** How much is kept and whether more will be, as JSON. */
  CompletionStage<String> state();

  /** Keeps texts, {@link ContentProtocol#PACKED_MAX} bytes of them at most. */
  CompletionStage<ContentProtocol.Kept> keep(List<ContentProtocol.Text> texts);

  /**
   * Keeps what somebody wrote about an answer.
   *
   * @param reason of a rating, or null
   * @param tests by which answers can be checked, or null
   * @return why it is not kept; empty if it is
   */
  CompletionStage<Optional<String>> note(
      RequestId request, @Nullable String reason, @Nullable String tests);

  /**
   * Deletes texts, as JSON how many.
   *
   * @param id of the only one, or null
   * @param before only what was kept before, in milliseconds since 1970, or null
   */
  CompletionStage<String> erase(@Nullable String id, @Nullable Long before);
}
