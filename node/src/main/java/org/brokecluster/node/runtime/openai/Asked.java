package org.brokecluster.node.runtime.openai;

import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.answer.HttpGeneration;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.node.runtime.template.CannotRender;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;

/** One prompt on its way to a server, and where its answer goes. */
record Asked(Prompt prompt, HttpGeneration generation, RememberingListener remembering) {
  /** Ends the answer because the prompt could not be sent. */
  void refuse(@Nullable Throwable why) {
    generation.refuse(failure(why));
  }

  private static AttemptFailure failure(@Nullable Throwable why) {
    if (why instanceof RequestRefusal refusal) {
      return refusal.failure();
    }
    if (why instanceof CannotRender unsure) {
      return unsure.failure();
    }
    return AttemptFailure.of(
        Kind.RUNTIME_UNREACHABLE,
        "template_unreachable",
        "nobody rendered the chat in time: " + (why == null ? "" : why.getMessage()));
  }
}
