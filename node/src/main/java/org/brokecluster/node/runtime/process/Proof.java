package org.brokecluster.node.runtime.process;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/**
 * A real generation of very few tokens: the only proof that a server works, since its health page
 * says 200 whatever has happened to it. Each question is another one; mlx_lm.server breaks over a
 * prompt it remembers word for word.
 */
final class Proof implements GenerationListener {
  private static final int TOKENS = 2;
  private static final int UNAVAILABLE = 503;

  /** The server says that it is still loading its model. */
  static final class StillLoading extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StillLoading(String message) {
      super(message);
    }
  }

  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private Proof() {}

  /** Completes when the answer is there; fails with why there is none. Waits without end. */
  static CompletionStage<Void> ask(Engine engine, ShelfModel model, long number) {
    var proof = new Proof();
    boolean chats = model.abilities().contains(Ability.CHAT);
    var question = "Say the number " + number + ".";
    var body =
        chats
            ? "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]"
            : "{\"prompt\":\"" + question + "\"";
    var json = body + ",\"max_tokens\":" + TOKENS + ",\"temperature\":0.0}";
    var prompt =
        new Prompt(
            new AttemptId(RequestId.of("proof-" + number), 1),
            chats ? Api.CHAT : Api.COMPLETION,
            model.id(),
            json.getBytes(StandardCharsets.UTF_8),
            "",
            0,
            TOKENS);
    engine.start(prompt, proof).request(Long.MAX_VALUE);
    return proof.done;
  }

  @Override
  public void onPrefill(double share) {
    // Reading is not answering.
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    // Its end counts.
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    done.complete(null);
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    var status = failure.status();
    done.completeExceptionally(
        status != null && status == UNAVAILABLE
            ? new StillLoading(failure.message())
            : new LoadException(failure.message()));
  }
}
