package org.brokecluster.coordinator.routing;

import java.time.Duration;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;

/** What the core wants done, in order. Sending is all an effect ever asks for. */
public sealed interface Effect {

  /** Send a ticket to a node. */
  record SendTicket(
      NodeId node,
      AttemptId attempt,
      long term,
      long number,
      Api api,
      Placement placement,
      long promptBytes,
      int expectedTokens,
      EdgeAddress edge)
      implements Effect {}

  /** Take a ticket back from a node. */
  record SendCancel(NodeId node, AttemptId attempt) implements Effect {}

  /** Tell the edge that its request waits. */
  record ReplyQueued(EdgeAddress edge, AttemptId attempt, long term, int position, long etaMs)
      implements Effect {}

  /** Tell the edge, which asked again, where its ticket went. */
  record ReplyPlaced(EdgeAddress edge, AttemptId attempt, long term, NodeId node)
      implements Effect {}

  /** Tell the edge that its request will not be placed. */
  record ReplyRefused(
      EdgeAddress edge,
      AttemptId attempt,
      long term,
      Refusal reason,
      String message,
      @Nullable Long retryAfterMs)
      implements Effect {}

  /** Tell the edge that its report is recorded. */
  record ReplyNoted(EdgeAddress edge, AttemptId attempt) implements Effect {}

  /**
   * Have a node bring a model into memory, or take it out.
   *
   * @param keep how long what is brought in stays although nobody uses it
   */
  record OrderModel(NodeId node, ModelId model, boolean load, Duration keep) implements Effect {}

  /** Record an event. */
  record Emit(RoutingEvent event) implements Effect {}

  /** A newer router has spoken: take a term above this one, with a new core. */
  record NeedHigherTerm(long seen) implements Effect {}
}
