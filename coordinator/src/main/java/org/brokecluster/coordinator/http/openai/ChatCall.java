package org.brokecluster.coordinator.http.openai;

import java.util.List;
import java.util.Set;
import org.brokecluster.coordinator.routing.profile.PromptText;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Parameter;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * One call for an answer, read and found valid. Equal only to itself.
 *
 * @param request id of the call; the id of its answer is made from it
 * @param body the client's JSON, byte for byte; never to be written to
 * @param model what the client asked for: {@code auto}, a tier, a model or an alias
 * @param includeUsage whether a stream ends with a usage chunk
 * @param maxTokens the client's limit for the answer, at least 1, or null
 * @param reproducible whether the same answer is asked for each time: a seed, or temperature 0
 * @param open what was left open and may be filled in
 * @param needs abilities without which the call cannot be served
 * @param promptTokens estimate of the prompt's length, at least 1
 * @param prefix fingerprints of the prompt's growing prefixes, see {@link PrefixFingerprints}
 * @param prefixTokens estimate of the tokens each of those covers
 * @param text the prompt for the profile, bounded
 * @param owner proof of whom a kept answer belongs to; empty if it is not kept
 */
// A copy of up to 32 MiB for each call would buy nothing: the reader gives the array away.
@SuppressWarnings("ArrayRecordComponent")
public record ChatCall(
    RequestId request,
    Api api,
    byte[] body,
    String model,
    boolean stream,
    boolean includeUsage,
    @Nullable Integer maxTokens,
    boolean reproducible,
    Set<Parameter> open,
    Set<Ability> needs,
    int promptTokens,
    List<Long> prefix,
    List<Integer> prefixTokens,
    PromptText text,
    Extras extras,
    String owner) {
  /** Model name that leaves the choice to the router. */
  public static final String AUTO = "auto";

  /** Copies the collections, not the body. */
  public ChatCall {
    open = Set.copyOf(open);
    needs = Set.copyOf(needs);
    prefix = List.copyOf(prefix);
    prefixTokens = List.copyOf(prefixTokens);
  }

  /** The same call, whose answer is kept for whoever shows this proof. */
  public ChatCall ownedBy(String proof) {
    return new ChatCall(
        request,
        api,
        body,
        model,
        stream,
        includeUsage,
        maxTokens,
        reproducible,
        open,
        needs,
        promptTokens,
        prefix,
        prefixTokens,
        text,
        extras,
        proof);
  }

  /** What the router is told of the client's wishes. */
  public Wishes wishes() {
    return extras.wishes();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return request.hashCode();
  }

  /** Shows no text of the client's, not even the model it named. */
  @Override
  public String toString() {
    return "ChatCall[%s %s %d bytes%s, about %d tokens]"
        .formatted(request, api, body.length, stream ? " streamed" : "", promptTokens);
  }
}
