package org.brokecluster.coordinator.request;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.brokecluster.coordinator.routing.scorer.QualityColor;
import org.brokecluster.protocol.edge.EdgeProtocol.Progress;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptProtocol.Resume;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.brokecluster.protocol.router.RouterProtocol.Continues;
import org.brokecluster.protocol.router.Tried;
import org.jspecify.annotations.Nullable;

/** What a {@link RequestLife} wants done, in order. */
sealed interface LifeAction {

  /** What a client is told when no router answers. */
  String NO_ROUTER = "no coordinator answers; it may be asleep or moving, try again in a moment";

  /** First these, then those. */
  static List<LifeAction> joined(List<LifeAction> first, List<LifeAction> then) {
    return first.isEmpty() ? then : Stream.concat(first.stream(), then.stream()).toList();
  }

  /**
   * Ask the router for a place.
   *
   * @param beside number of the attempt that goes on until this one takes over; 0 for none
   */
  record Submit(
      AttemptId attempt,
      long remainingMs,
      long elapsedMs,
      List<Tried> avoid,
      @Nullable Continues continues,
      int beside)
      implements LifeAction {}

  /** Tell the router that the request is over before it was placed. */
  record Withdraw() implements LifeAction {}

  /** Tell the node, if it is known, that this attempt is not wanted any more. */
  record Cancel(AttemptId attempt) implements LifeAction {}

  /** Send the prompt to the node that said Ready, and what the client has if it goes on. */
  record SendPrompt(AttemptId attempt, Placement placement, @Nullable Resume resume)
      implements LifeAction {}

  /** Hand chunks to the client (a stream) or keep them for the answer (no stream). */
  record Emit(long sequence, List<TokenChunk> chunks) implements LifeAction {}

  /** Throw away what was kept for a non-streamed answer: another attempt starts from nothing. */
  record Restart() implements LifeAction {}

  /** The answer is whole. */
  record Finish(FinishReason reason, Usage usage) implements LifeAction {}

  /** The request ends in an error of a node or runtime. */
  record Fail(AttemptFailure failure) implements LifeAction {
    /** No router has answered for too long, and the client has a part of its answer already. */
    static Fail noRouter() {
      return new Fail(AttemptState.lost(NO_ROUTER));
    }

    /** The edge itself is going. */
    static LifeAction shuttingDown() {
      var why = "the machine you are connected to is shutting down; ask at another one";
      return new Fail(AttemptFailure.of(AttemptFailure.Kind.NODE_STOPPING, "shutting_down", why));
    }
  }

  /** The router will not place the request. */
  record Refuse(Refusal reason, String message, @Nullable Long retryAfterMs) implements LifeAction {

    /** No router has answered for too long. */
    static Refuse noRouter() {
      return new Refuse(Refusal.NO_NODE, NO_ROUTER, 2_000L);
    }

    /** The client's time is over; {@code waited} if nobody has begun to answer. */
    static LifeAction tooLate(boolean waited) {
      return waited
          ? new Refuse(Refusal.DEADLINE, "the request waited longer than it was allowed to", null)
          : new Fail(
              AttemptFailure.of(
                  AttemptFailure.Kind.STALLED,
                  "deadline_exceeded",
                  "the answer took longer than the request allowed"));
    }
  }

  /** Tell the router how an attempt ended. */
  record Report(AttemptReport report) implements LifeAction {}

  /** Tell the client of a broken stream at once, in a comment line, what happens to the rest. */
  record Note(String text) implements LifeAction {
    /** An answer goes on elsewhere, because its node is leaving. */
    static Note movedTo(Placement at, ResumeWay way) {
      return new Note(
          "the answer moved: node %s, model %s, by %s, %s"
              .formatted(at.node(), at.model(), way.label(), trust(at)));
    }

    /** An answer that broke off is continued. */
    static Note goingOn(Placement at, ResumeWay way) {
      return new Note(
          "the answer goes on: node %s, model %s, by %s, %s"
              .formatted(at.node(), at.model(), way.label(), trust(at)));
    }

    /** How far to trust the rest: the headers tell of the attempt that began. */
    private static String trust(Placement at) {
      double risk = at.qualityTemperature();
      return String.format(
          Locale.ROOT,
          "tier %s, quality %.3f %s",
          at.tier().label(),
          risk,
          QualityColor.of(risk).label());
    }
  }

  /**
   * Tell the waiting client, in a comment line, what goes on.
   *
   * @param etaMs predicted time to the first token, or null if nobody says
   */
  record Comment(String text, @Nullable Long etaMs) implements LifeAction {
    /** Words only. */
    Comment(String text) {
      this(text, null);
    }

    /** The request waits at the router. */
    static Comment waiting(int position, long etaMs) {
      return new Comment("waiting, place %d, about %d ms".formatted(position, etaMs), etaMs);
    }

    /** The node works, but has no token yet. */
    static Comment of(Progress progress) {
      var share = progress.share();
      var doing =
          switch (progress.phase()) {
            case WAITING -> "waiting for a free slot";
            case LOADING -> "loading the model";
            case PREFILL -> "reading the prompt";
          };
      return new Comment(
          share == null ? doing : "%s, %d %%".formatted(doing, Math.round(share * 100)));
    }
  }
}
