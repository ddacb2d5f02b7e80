package org.brokecluster.protocol.model;

/** The kind of call a prompt belongs to; tells the runtime adapter how to read the body. */
public enum Api {
  /** {@code /v1/chat/completions}. */
  CHAT,
  /** {@code /v1/completions}. */
  COMPLETION
}
