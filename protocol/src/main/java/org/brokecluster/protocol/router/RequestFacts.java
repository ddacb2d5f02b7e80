package org.brokecluster.protocol.router;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.jspecify.annotations.Nullable;

/**
 * Everything the router may know of a request: facts, never text; at most 8 KiB on the wire.
 *
 * @param model what the client asked for: {@code auto}, a tier or a model
 * @param promptTokens estimate of the prompt's length, at least 1
 * @param promptBytes length of the body in bytes
 * @param maxTokens the client's limit for the answer, or null
 * @param needs abilities without which the request cannot be served
 * @param prefix fingerprints of the prompt's growing prefixes, shortest first, at most {@value
 *     #PREFIX_MAX}
 * @param prefixTokens estimate of the tokens each of them covers, rising; empty where a sender does
 *     not say
 * @param open what the client has left open and may be filled in for it; empty for nothing
 */
public record RequestFacts(
    Api api,
    String model,
    boolean stream,
    Profile profile,
    int promptTokens,
    long promptBytes,
    @Nullable Integer maxTokens,
    Set<Ability> needs,
    Wishes wishes,
    List<Long> prefix,
    // Left out where it is empty, as every stored event of earlier versions did.
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> prefixTokens,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Set<Parameter> open) {
  /** Fingerprints a request may carry. */
  public static final int PREFIX_MAX = 64;

  /** Copies the collections. */
  public RequestFacts {
    needs = Set.copyOf(needs);
    prefix = List.copyOf(prefix);
    // Absent in what earlier versions sent and stored.
    open = open == null ? Set.of() : Set.copyOf(open);
    prefixTokens = prefixTokens == null ? List.of() : List.copyOf(prefixTokens);
    if (!prefixTokens.isEmpty() && prefixTokens.size() != prefix.size()) {
      throw new IllegalArgumentException(
          "prefixTokens must have as many entries as prefix: %d, %d"
              .formatted(prefixTokens.size(), prefix.size()));
    }
  }

  /** Facts of a client that has left nothing open. */
  public RequestFacts(
      Api api,
      String model,
      boolean stream,
      Profile profile,
      int promptTokens,
      long promptBytes,
      @Nullable Integer maxTokens,
      Set<Ability> needs,
      Wishes wishes,
      List<Long> prefix,
      List<Integer> prefixTokens) {
    this(
        api,
        model,
        stream,
        profile,
        promptTokens,
        promptBytes,
        maxTokens,
        needs,
        wishes,
        prefix,
        prefixTokens,
        Set.of());
  }

  /** Facts that do not say how many tokens the prefixes cover. */
  public RequestFacts(
      Api api,
      String model,
      boolean stream,
      Profile profile,
      int promptTokens,
      long promptBytes,
      @Nullable Integer maxTokens,
      Set<Ability> needs,
      Wishes wishes,
      List<Long> prefix) {
    this(
        api,
        model,
        stream,
        profile,
        promptTokens,
        promptBytes,
        maxTokens,
        needs,
        wishes,
        prefix,
        List.of());
  }

  /** Tokens the answer is expected to have, bounded by what the client allows; at least 1. */
  public int expectedTokens() {
    int expected = profile.answerTokens();
    return maxTokens == null ? expected : Math.max(1, Math.min(expected, maxTokens));
  }

  /** The same facts of somebody who asks for another model, a tier, or {@code auto}. */
  public RequestFacts asking(String other) {
    return with(other, wishes);
  }

  /** The same facts with other wishes. */
  public RequestFacts with(Wishes other) {
    return with(model, other);
  }

  private RequestFacts with(String newModel, Wishes newWishes) {
    return new RequestFacts(
        api,
        newModel,
        stream,
        profile,
        promptTokens,
        promptBytes,
        maxTokens,
        needs,
        newWishes,
        prefix,
        prefixTokens,
        open);
  }
}
