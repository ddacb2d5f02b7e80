package org.brokecluster.node.runtime;

/**
 * The part of a chat's answer that the client has received, as the model said it.
 *
 * @param reasoning thinking, which is over; empty if there was none
 * @param content text, of which there is some
 */
public record Spoken(String reasoning, String content) {
  /** Characters of both. */
  public int length() {
    return reasoning.length() + content.length();
  }

  /** Shows lengths only: answers never reach a log. */
  @Override
  public String toString() {
    return "Spoken[%d+%d chars]".formatted(reasoning.length(), content.length());
  }
}
