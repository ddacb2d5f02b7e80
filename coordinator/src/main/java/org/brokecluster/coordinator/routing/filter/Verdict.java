package org.brokecluster.coordinator.routing.filter;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.brokecluster.protocol.node.AttemptFailure;

/** What became of a candidate. The labels are part of the history: they never change. */
public enum Verdict {
  /** Takes the request. */
  CHOSEN(Kind.CONTENDER, "highest score"),
  /** The best, but busy: the request waits for it. */
  AWAITED(Kind.CONTENDER, "highest score, but no slot is free yet"),
  /** Could have taken the request; another one is better. */
  OUTSCORED(Kind.CONTENDER, "lower score"),
  /** Could take the request later; not the best even so. */
  NO_ROOM(Kind.CONTENDER, "no slot is free, and the wait makes it worse than the best"),
  /** Could take the request later, but as many wait for it as may. */
  CROWDED(Kind.CONTENDER, "as many requests wait for it as may"),
  /** It would be done only after the client's time is over, and another one before. */
  TOO_LATE(Kind.CONTENDER, "would not be done within the time the client allows"),
  /** The client asked for another model. */
  OTHER_MODEL(Kind.NOT_MEANT, "another model was asked for"),
  /** The client asked for another tier. */
  OTHER_TIER(Kind.NOT_MEANT, "another tier was asked for"),
  /** The client pinned the request to another node. */
  OTHER_NODE(Kind.NOT_MEANT, "the request is pinned to another node"),
  /** The model or its runtime cannot do what the request needs. */
  LACKS_ABILITY(Kind.UNFIT, "lacks an ability the request needs"),
  /** The prompt does not fit the model's context. */
  CONTEXT_TOO_LONG(Kind.UNFIT, "the prompt is longer than the context"),
  /** No runtime on the node can serve the model. */
  UNSUPPORTED(Kind.UNFIT, "no runtime there can serve the model"),
  /** The model failed on the node. */
  MODEL_FAILED(Kind.UNFIT, "the model failed on that node"),
  /** The model does not fit into the node's memory. */
  TOO_LARGE(Kind.UNFIT, "the model does not fit into that node's memory"),
  /** The request failed on the node before. */
  AVOIDED(Kind.UNFIT, "the request failed there before"),
  /** The request was on the node before, and no token came in time. */
  AVOIDED_LATE(Kind.UNFIT, "the request was there before, and no token came in time"),
  /** The request was on the node before, and that is leaving or takes no new work. */
  AVOIDED_LEAVING(Kind.UNFIT, "the request was there before; the node is leaving or drained"),
  /** The request was on the node before, and that was lost. */
  AVOIDED_LOST(Kind.UNFIT, "the request was there before, and the node was lost"),
  /** The node takes no new work. */
  DRAINING(Kind.UNFIT, "the node takes no new work"),
  /** The node is joining or leaving. */
  NOT_UP(Kind.PASSING, "the node is joining or leaving"),
  /** The node is not heard. */
  UNREACHABLE(Kind.PASSING, "the node is unreachable"),
  /** The model fails there again and again, and others can answer. */
  BREAKER_OPEN(Kind.PASSING, "the model failed there several times in a row"),
  /** The node refused a ticket a moment ago. */
  REFUSED_LATELY(Kind.PASSING, "the node refused a ticket a moment ago");

  private final Kind kind;
  private final String why;

  /** What speaks against a place at which the request was tried before, for this reason. */
  public static Verdict avoided(AttemptFailure.Kind tried) {
    return switch (tried) {
      case STALLED -> AVOIDED_LATE;
      case NODE_STOPPING -> AVOIDED_LEAVING;
      case NODE_LOST -> AVOIDED_LOST;
      case BAD_REQUEST,
          UNSUPPORTED,
          CONTEXT_LENGTH,
          CONTENT_POLICY,
          RATE_LIMITED,
          RUNTIME_ERROR,
          RUNTIME_UNREACHABLE,
          STREAM_CUT,
          LOAD_FAILED,
          DIVERGED,
          SLOW_CLIENT,
          CANCELLED ->
          AVOIDED;
    };
  }

  Verdict(Kind kind, String why) {
    this.kind = kind;
    this.why = why;
  }

  private enum Kind {
    CONTENDER,
    NOT_MEANT,
    UNFIT,
    PASSING
  }

  /** Whether a filter threw the candidate out. */
  public boolean rejected() {
    return kind != Kind.CONTENDER;
  }

  /** Whether the candidate is of what was asked for. */
  public boolean meant() {
    return kind != Kind.NOT_MEANT;
  }

  /** Whether the reason may be gone in a moment. */
  public boolean passing() {
    return kind == Kind.PASSING;
  }

  /** The reason in words. */
  public String why() {
    return why;
  }

  /** Kebab-case name. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
