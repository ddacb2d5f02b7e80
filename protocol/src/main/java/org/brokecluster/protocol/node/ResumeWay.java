package org.brokecluster.protocol.node;

import java.util.Locale;

/**
 * How an answer that broke off in the middle goes on in another attempt, the surest way first. The
 * client has received a part of it, which is never sent again and never changed.
 */
public enum ResumeWay {
  /** The runtime continues a trailing assistant message. */
  PREFILL,
  /**
   * The chat is rendered by the model's own template, what was said is put behind it, and the whole
   * goes on as a text completion. Plain text only, once thinking is over.
   */
  COMPLETION,
  /**
   * The answer is made again from its start; what the client has is dropped as long as it is the
   * same. Where it departs from that, the attempt breaks as {@link AttemptFailure.Kind#DIVERGED}.
   */
  REPLAY,
  /**
   * The model is shown what was said so far and asked to go on; overlap at the seam is cut. Plain
   * text only.
   */
  PROMPTED;

  /** Name in comments, reports and the history, such as {@code replay}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
