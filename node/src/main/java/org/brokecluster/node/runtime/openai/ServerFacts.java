package org.brokecluster.node.runtime.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a server beyond its list of models; whatever is null could not be learned.
 *
 * @param slots answers it works on at once
 * @param contextLength longest prompt plus answer in tokens, for all its models
 * @param vision whether its model sees images
 * @param rendersChats whether it tells what its template makes of a chat
 * @param models what is known of single models, by the server's name of them
 */
record ServerFacts(
    Dialect dialect,
    @Nullable Integer slots,
    @Nullable Integer contextLength,
    @Nullable Boolean vision,
    boolean rendersChats,
    Map<String, ModelNote> models) {
  /** Copies the map. */
  ServerFacts {
    models = Map.copyOf(models);
  }

  /** Nothing but the kind of server. */
  static ServerFacts of(Dialect dialect) {
    return new ServerFacts(dialect, null, null, null, false, Map.of());
  }

  /**
   * What a server tells of one model; whatever is null it does not tell.
   *
   * @param embeds whether it makes embeddings instead of answers
   */
  record ModelNote(
      @Nullable Boolean loaded,
      @Nullable Integer contextLength,
      @Nullable Boolean vision,
      @Nullable Boolean embeds,
      @Nullable String quantization) {
    /** Nothing is known. */
    static final ModelNote NONE = new ModelNote(null, null, null, null, null);
  }
}
