package org.brokecluster.coordinator.request;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol.Resume;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.jspecify.annotations.Nullable;

/**
 * How the answer of one request goes on when an attempt breaks in its middle. Keeps what the client
 * has; picks the surest way that the target offers, the call allows, and nobody has refused yet.
 * Pure; not thread safe.
 */
final class Continuation {
  private record Refused(ModelId model, ResumeWay way) {}

  private final RescueRules rules;
  private final AnswerSoFar sent;
  private final Set<Refused> refused = new HashSet<>();
  private @Nullable Placement origin;
  private @Nullable Placement target;
  private @Nullable ResumeWay way;
  private int piecesBefore;

  /** For an answer that has not begun. */
  Continuation(RescueRules rules) {
    this.rules = rules;
    this.sent = new AnswerSoFar(rules.textMax());
  }

  /** These chunks are handed to the client, by an attempt placed there. */
  void received(List<TokenChunk> chunks, @Nullable Placement by) {
    if (rules.streamed()) {
      sent.add(chunks);
      if (origin == null && sent.begun()) {
        origin = by;
      }
    }
  }

  /** Whether the client has a part of the answer that cannot be taken back. */
  boolean begun() {
    return sent.begun();
  }

  /** What keeps a part from being continued, for the client; null if nothing does. */
  @Nullable String obstacle() {
    if (rules.textMax() == 0) {
      return "rescue is switched off";
    }
    if (sent.toolCalled()) {
      return "a tool call had begun";
    }
    if (rules.structured()) {
      return "the answer has to be JSON";
    }
    return sent.overflown() ? "it is longer than broke.rescue.text-max" : null;
  }

  /** Whether the runtime may keep back what it makes, such as a tool call. */
  boolean buffered() {
    return rules.tools();
  }

  /** Whether the client has all it asked for, but for the finish reason. */
  boolean full() {
    var limit = rules.maxTokens();
    return limit != null && sent.pieces() >= limit;
  }

  /** Where the rest is best made; null if the answer begins anew. */
  @Nullable Continues continues() {
    return origin == null ? null : new Continues(origin.model(), origin.tier());
  }

  /**
   * Picks the way for an attempt.
   *
   * @param offered what the model there can do
   * @param sure whether its answers are the same each time, whatever the call says
   * @return null if there is none
   */
  @Nullable Resume begin(Placement at, Set<ResumeWay> offered, boolean sure) {
    target = at;
    piecesBefore = sent.pieces();
    way = null;
    for (var each : ResumeWay.values()) {
      boolean open = offered.contains(each) && !refused.contains(new Refused(at.model(), each));
      if (open && allows(each, at, sure)) {
        way = each;
        return new Resume(each, piecesBefore);
      }
    }
    return null;
  }

  private boolean allows(ResumeWay each, Placement at, boolean sure) {
    return switch (each) {
      case PREFILL -> !sent.hasReasoning(); // no runtime continues thinking it did not do
      // Behind a text a call of a tool would be text, too.
      case COMPLETION -> !rules.tools() && !sent.content().isEmpty();
      case REPLAY ->
          (sure || rules.reproducible()) && origin != null && at.model().equals(origin.model());
      case PROMPTED -> rules.prompted();
    };
  }

  /**
   * An attempt broke; answers whether that was for the way it went, so that another way may work at
   * the same place.
   */
  boolean blames(AttemptFailure failure) {
    if (way == null || target == null) {
      return false;
    }
    boolean byWay =
        switch (failure.kind()) {
          case DIVERGED -> true;
          case BAD_REQUEST, UNSUPPORTED, CONTENT_POLICY -> way != ResumeWay.REPLAY;
          default -> false;
        };
    if (byWay) {
      refused.add(new Refused(target.model(), way));
    }
    return byWay;
  }

  /** The failure with the reason why the rest of the answer could not be made elsewhere. */
  AttemptFailure unrescued(AttemptFailure failure, @Nullable String why) {
    if (!begun() || why == null) {
      return failure;
    }
    return AttemptFailure.of(
        failure.kind(),
        failure.code(),
        failure.message() + "; the answer could not go on elsewhere: " + why);
  }

  /** The next attempt is not placed yet. */
  void leave() {
    way = null;
    target = null;
  }

  /** How the attempt under way goes on from an earlier one; null if it began anew. */
  @Nullable ResumeWay way() {
    return way;
  }

  /** What the client has received, as far as it is known from the last attempt's counts. */
  Usage usage(Usage last) {
    if (way == null || way == ResumeWay.REPLAY) {
      return last;
    }
    int prompt = Math.max(0, last.promptTokens() - piecesBefore);
    int completion = piecesBefore + last.completionTokens();
    return new Usage(prompt, completion, last.cachedTokens(), true);
  }

  /** Counts for an answer that ends without an attempt's own. */
  Usage usage() {
    return Usage.estimate(0, sent.pieces());
  }

  String reasoning() {
    return sent.reasoning();
  }

  String content() {
    return sent.content();
  }
}
