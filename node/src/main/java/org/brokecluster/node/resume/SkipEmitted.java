package org.brokecluster.node.resume;

import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Drops the beginning of an answer that is made again, exactly as long as it is what the client has
 * already. A single other character ends the attempt: a mismatch is never papered over.
 */
final class SkipEmitted extends ResumeListener {
  /** A sign of life for the edge once in so many chunks. */
  private static final int SIGN_EVERY = 32;

  private final String reasoning;
  private final String content;
  private int reasoningAt;
  private int contentAt;
  private int skipped;

  SkipEmitted(GenerationListener out, String reasoning, String content) {
    super(out);
    this.reasoning = reasoning;
    this.content = content;
  }

  @Override
  void take(TokenChunk chunk) {
    if (done()) {
      pass(chunk);
      return;
    }
    switch (chunk.kind()) {
      case REASONING -> reasoning(chunk);
      case CONTENT -> content(chunk);
      case TOOL_CALL -> departs();
      case LOGPROBS -> keepBack(); // those of skipped text
    }
  }

  @Override
  boolean flush() {
    if (!done()) {
      departs();
      return false;
    }
    return true;
  }

  private boolean done() {
    return reasoningAt == reasoning.length() && contentAt == content.length();
  }

  private void reasoning(TokenChunk chunk) {
    var rest = behind(chunk.text(), reasoning, reasoningAt);
    boolean early = contentAt > 0 || (rest != null && !rest.isEmpty() && !content.isEmpty());
    if (rest == null || early) {
      departs();
      return;
    }
    reasoningAt += chunk.text().length() - rest.length();
    letOut(rest, TokenChunk.reasoning(rest));
  }

  private void content(TokenChunk chunk) {
    var rest = behind(chunk.text(), content, contentAt);
    if (rest == null || reasoningAt < reasoning.length()) {
      departs();
      return;
    }
    contentAt += chunk.text().length() - rest.length();
    letOut(rest, TokenChunk.content(rest));
  }

  private void letOut(String rest, TokenChunk chunk) {
    if (rest.isEmpty()) {
      keepBack();
    } else {
      pass(chunk);
    }
  }

  private void keepBack() {
    keptBack();
    if (skipped++ % SIGN_EVERY == 0) {
      prefill((double) (reasoningAt + contentAt) / (reasoning.length() + content.length()));
    }
  }

  private void departs() {
    diverged(reasoningAt + contentAt, reasoning.length() + content.length());
  }

  /** What of the text goes beyond what was sent; null if it is another text. */
  private static @Nullable String behind(String text, String sent, int at) {
    int same = Math.min(text.length(), sent.length() - at);
    return sent.startsWith(text.substring(0, same), at) ? text.substring(same) : null;
  }
}
