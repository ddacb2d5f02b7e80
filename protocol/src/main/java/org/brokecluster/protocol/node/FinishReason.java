package org.brokecluster.protocol.node;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a complete answer ended, in OpenAI's words. */
public enum FinishReason {
  STOP,
  LENGTH,
  TOOL_CALLS,
  CONTENT_FILTER;

  /** OpenAI's name. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
