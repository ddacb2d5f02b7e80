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
import org.brokecluster.protocol.node.NodeProtocol.Ticket;
import org.brokecluster.protocol.node.ResumeWay;
import org.jspecify.annotations.Nullable;

/** How a runtime begins with an attempt: anew, or where an earlier one broke off. */
final class Beginning {
  private Beginning() {}

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
  static Generation of(Ticket ticket, Lease claim, PromptBuffer prompt, ChunkInbox inbox)
      throws IOException {
    var resumption = prompt.resumption().orElse(null);
    if (resumption == null) {
      return claim.start(prompt(ticket, prompt.body(), null), inbox);
    }
    var body = resumption.body(ticket.api(), prompt.body());
    var listener = resumption.listener(inbox);
    var begun = claim.start(prompt(ticket, body, resumption), listener);
    listener.attach(begun);
    return begun;
  }

  private static Prompt prompt(Ticket ticket, byte[] body, @Nullable Resumption resumption) {
    return new Prompt(
        ticket.attempt(),
        ticket.api(),
        ticket.placement().model(),
        body,
        resumption == null ? "" : resumption.emitted(),
        resumption == null ? 0 : resumption.tokens(),
        ticket.expectedTokens(),
        resumption == null ? null : resumption.spoken());
  }
}
