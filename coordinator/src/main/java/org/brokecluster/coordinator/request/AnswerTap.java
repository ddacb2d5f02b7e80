package org.brokecluster.coordinator.request;

import org.brokecluster.coordinator.http.openai.ChatCall;
import org.brokecluster.protocol.router.RequestFacts;

/** May look at answers as they are made; never changes one, holds none up, and never fails. */
@FunctionalInterface
public interface AnswerTap {
  /** Looks at nothing. */
  AnswerTap NONE = (call, facts, answer) -> answer;

  /** The client's side of a request, or something around it. Called by one thread. */
  AnswerSide over(ChatCall call, RequestFacts facts, AnswerSide answer);
}
