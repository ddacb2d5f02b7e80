package org.brokecluster.simulation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Profile;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * What one simulated client asks for, and how it behaves.
 *
 * @param atMs when it calls
 * @param machine number of the machine it calls at
 * @param model {@code auto}, a tier or a model
 * @param kind what sort of answer it gets
 * @param words length of the whole answer, thinking included
 * @param thinking words of thinking before the answer
 * @param maxTokens its limit for the answer, or null
 * @param maxSeconds how long it waits
 * @param hangUpMs when it hangs up, after the call; negative for never
 * @param readMs time it takes to read a word; 0 for no time at all
 */
record Call(
    RequestId request,
    long atMs,
    int machine,
    String model,
    Kind kind,
    TrafficClass trafficClass,
    int words,
    int thinking,
    @Nullable Integer maxTokens,
    int maxSeconds,
    long hangUpMs,
    int readMs) {
  static final int PROMPT_TOKENS = 20;
  private static final Profile PROFILE =
      new Profile(0.3, 0.3, 0.5, Map.of(), 0.1, 0.1, 40, "simulated", "simulated");

  /** Sorts of answers. */
  enum Kind {
    /** A stream of text. */
    TEXT,
    /** A stream that ends in a tool call. */
    TOOL,
    /** A stream of JSON. */
    JSON,
    /** Text in one piece. */
    WHOLE
  }

  /** Words the client is to get in the end. */
  int wordsDue() {
    return maxTokens == null ? words : Math.min(words, maxTokens);
  }

  boolean streamed() {
    return kind != Kind.WHOLE;
  }

  /** Whether another attempt may go on behind what the client has. */
  boolean rescuable() {
    return kind == Kind.TEXT || kind == Kind.WHOLE;
  }

  /** The client's body. */
  byte[] body() {
    var limit = maxTokens == null ? "" : ",\"max_tokens\":" + maxTokens;
    var text =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}".formatted(request, limit);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What the router is told. */
  RequestFacts facts() {
    var needs =
        switch (kind) {
          case TEXT, WHOLE -> Set.of(Ability.CHAT);
          case TOOL -> Set.of(Ability.CHAT, Ability.TOOLS);
          case JSON -> Set.of(Ability.CHAT, Ability.JSON_OBJECT);
        };
    var wishes = Wishes.of(null, trafficClass, List.of());
    return new RequestFacts(
        Api.CHAT,
        model,
        streamed(),
        PROFILE,
        PROMPT_TOKENS,
        body().length,
        maxTokens,
        needs,
        wishes,
        List.of());
  }
}
