package org.brokecluster.coordinator.request;

import java.util.List;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.router.Placement;
import org.jspecify.annotations.Nullable;

/** The client's side of a request: takes what is made and hands it on. Used by one thread. */
public interface AnswerSide {
  /** What ends a request whose answer outgrows what may be kept for its client. */
  AttemptFailure TOO_LARGE =
      AttemptFailure.of(
          AttemptFailure.Kind.SLOW_CLIENT,
          "answer_too_large",
          "the answer is larger than this edge may keep for a client that does not take it");

  /** A node has taken the request. */
  void open(Placement placement, int attempts);

  /** Tells the waiting client what goes on, if it can be told. */
  void comment(String text);

  /** Tells a client that has a part of its answer what happens to the rest, if it can be told. */
  void note(String text);

  /** Learns when the first token may come, in milliseconds from now. */
  void expect(long etaMs);

  /** Takes tokens; false if there is no room for them. */
  boolean emit(List<TokenChunk> chunks, @Nullable Placement placement);

  /** Forgets the tokens of an attempt that broke. */
  void restart();

  /** The answer is whole. */
  void finish(FinishReason reason, Usage usage, @Nullable Placement placement, int attempts);

  /** There will be no answer, or no more of it. */
  void fail(ApiError error);

  /** Time has passed. */
  void tick(long nowMs);

  /** Whether the client has yet to take so much that the node should wait. */
  boolean congested();

  /** The client has gone, and the answer is made all the same. */
  void abandon();

  /** Whether nobody has been there for longer than the answer is kept. */
  boolean forsaken(long nowMs);
}
