package org.brokecluster.node;

import java.io.IOException;
import java.util.Set;
import org.brokecluster.node.attempt.ChunkInbox;
import org.brokecluster.node.attempt.PromptBuffer;
import org.brokecluster.node.models.Lease;
import org.brokecluster.node.models.ModelPool;
import org.brokecluster.node.resume.Resumption;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.node.NodeProtocol.Ticket;
import org.brokecluster.protocol.node.ResumeWay;
import org.jspecify.annotations.Nullable;

/** How a runtime begins with an attempt: anew, or where an earlier one broke off. */
public final class Beginning {
  private Beginning() {}

  /** What is to be answered, and by which model. */
  public record Work(AttemptId attempt, Api api, ModelId model, int expectedTokens) {}

  /** How the ticket's model here can go on with an answer that broke off elsewhere. */
  static Set<ResumeWay> ways(ModelPool pool, Ticket ticket) {
    return pool.model(ticket.placement().model())
        .map(model -> Resumption.ways(model.facts(), ticket.api()))
        .orElse(Set.of());
  }

  /**
   * Starts the answer; nothing is made before {@link Generation#request}.
   *
   * @throws IOException if the client's body cannot be read; the message is free of its text
   */
  public static Generation of(Work work, Lease claim, PromptBuffer prompt, ChunkInbox inbox)
      throws IOException {
    var resumption = prompt.resumption().orElse(null);
    if (resumption == null) {
      return claim.start(prompt(work, prompt.body(), null), inbox);
    }
    var body = resumption.body(work.api(), prompt.body());
    var listener = resumption.listener(inbox);
    var begun = claim.start(prompt(work, body, resumption), listener);
    listener.attach(begun);
    return begun;
  }

  private static Prompt prompt(Work work, byte[] body, @Nullable Resumption resumption) {
    return new Prompt(
        work.attempt(),
        work.api(),
        work.model(),
        body,
        resumption == null ? "" : resumption.emitted(),
        resumption == null ? 0 : resumption.tokens(),
        work.expectedTokens(),
        resumption == null ? null : resumption.spoken());
  }
}
