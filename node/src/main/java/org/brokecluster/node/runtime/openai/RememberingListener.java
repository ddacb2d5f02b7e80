package org.brokecluster.node.runtime.openai;

import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;

/** Passes everything on and puts a completed text into the {@link PromptMemory}. */
final class RememberingListener implements GenerationListener {
  private final GenerationListener target;
  private final PromptMemory memory;
  private final PromptMemory.Text text = new PromptMemory.Text();

  /** Hears an answer whose prompt is not known yet. */
  RememberingListener(GenerationListener target, PromptMemory memory) {
    this.target = target;
    this.memory = memory;
  }

  /** Takes the prompt, before it is sent; true if it is one that must not be sent as it is. */
  boolean prompted(String prompt) {
    boolean known = memory.has(text.append(prompt));
    if (known) {
      text.restart(PromptMemory.SHIFT + prompt);
    }
    return known;
  }

  @Override
  public void onPrefill(double share) {
    target.onPrefill(share);
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    if (chunk.kind() == TokenChunk.Kind.CONTENT) {
      text.append(chunk.text());
    }
    target.onChunk(chunk);
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    memory.add(text);
    target.onEnd(reason, usage);
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    target.onFailure(failure);
  }
}
