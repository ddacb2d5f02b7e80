package org.brokecluster.node.runtime.openai;

import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Spoken;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/** Passes everything on and puts a completed text into the {@link ServerMemory}. */
final class RememberingListener implements GenerationListener {
  private final GenerationListener target;
  private final ServerMemory memory;
  private final PromptMemory.Text text = new PromptMemory.Text();
  private boolean completion;
  private boolean said;

  /** Hears an answer whose prompt is not known yet. */
  RememberingListener(GenerationListener target, ServerMemory memory) {
    this.target = target;
    this.memory = memory;
  }

  /**
   * Takes the prompt of a text completion, before it is sent.
   *
   * @param spoken what was said of a chat's answer, if the prompt goes on with one; a chat that the
   *     server completed with these very words may have left this very prompt in its cache
   * @return whether it is one that must not be sent as it is
   */
  boolean prompted(String prompt, @Nullable Spoken spoken) {
    completion = true;
    boolean known =
        memory.texts().has(text.append(prompt))
            || (spoken != null
                && memory.answers().has(new PromptMemory.Text().append(spoken.content())));
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
      said = true;
      text.append(chunk.text());
    }
    target.onChunk(chunk);
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    if (completion) {
      memory.texts().add(text);
    } else if (said) {
      memory.answers().add(text);
    }
    target.onEnd(reason, usage);
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    target.onFailure(failure);
  }
}
