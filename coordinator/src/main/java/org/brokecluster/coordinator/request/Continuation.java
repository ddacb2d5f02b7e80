package org.brokecluster.coordinator.request;

import java.util.HashSet;
import java.util.Set;
import org.brokecluster.protocol.edge.EdgeProtocol.TokenBatch;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol.Resume;
import org.brokecluster.protocol.node.ResumeWay;
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

  /**
   * How one attempt goes on from an earlier one.
   *
   * @param target where it runs, null if that is not known
   * @param way null if it began anew
   * @param piecesBefore pieces the client had when it was told
   */
  record Leg(@Nullable Placement target, @Nullable ResumeWay way, int piecesBefore) {
    private static final Leg ANEW = new Leg(null, null, 0);
  }

  private final RescueRules rules;
  private final AnswerSoFar sent;
  private final Set<Refused> refused = new HashSet<>();
  private @Nullable Placement origin;
  private Leg leg = Leg.ANEW;

  /** For an answer that has not begun. */
  Continuation(RescueRules rules) {
    this.rules = rules;
    this.sent = new AnswerSoFar(rules.textMax());
  }

  /** This batch is handed to the client, by an attempt placed there. */
  void received(TokenBatch batch, @Nullable Placement by) {
    if (rules.streamed()) {
      sent.add(batch.chunks(), batch.tokens());
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
    int pieces = sent.pieces();
    leg = new Leg(at, null, pieces);
    for (var each : ResumeWay.values()) {
      boolean open = offered.contains(each) && !refused.contains(new Refused(at.model(), each));
      if (open && allows(each, at, sure)) {
        leg = new Leg(at, each, pieces);
        return new Resume(each, pieces);
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
    return blames(leg, failure);
  }

  /** The same for an attempt that was to take over. */
  boolean blames(Leg broken, AttemptFailure failure) {
    var way = broken.way();
    var target = broken.target();
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
    leg = Leg.ANEW;
  }

  /** What is known of the attempt under way. */
  Leg leg() {
    return leg;
  }

  /** Another attempt is the one under way. */
  void leg(Leg other) {
    leg = other;
  }

  /** How the attempt under way goes on from an earlier one; null if it began anew. */
  @Nullable ResumeWay way() {
    return leg.way();
  }

  /** What the client has received, as far as it is known from the last attempt's counts. */
  Usage usage(Usage last) {
    var way = leg.way();
    if (way == null || way == ResumeWay.REPLAY) {
      return last;
    }
    int piecesBefore = leg.piecesBefore();
    int prompt = Math.max(0, last.promptTokens() - piecesBefore);
    // A model that was asked to go on made words that were cut at the seam.
    int completion =
        way == ResumeWay.PROMPTED ? sent.pieces() : piecesBefore + last.completionTokens();
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
