package org.brokecluster.coordinator.routing.profile;

import java.util.List;

/**
 * The text of a prompt, message by message. Kept apart from {@code String} so that it can never end
 * up in a log: {@link #toString} shows lengths only. Lives at the edge; the router never sees it.
 */
public final class PromptText {
  private final List<Message> messages;
  private final long length;

  private PromptText(List<Message> messages) {
    this.messages = messages;
    this.length = messages.stream().mapToLong(message -> message.text().length()).sum();
  }

  /** Who speaks in a message. */
  public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL
  }

  /** One message. */
  public record Message(Role role, String text) {
    /** Shows the length only. */
    @Override
    public String toString() {
      return "Message[" + role + " " + text.length() + " chars]";
    }
  }

  /** A conversation, oldest message first. */
  public static PromptText of(List<Message> messages) {
    return new PromptText(List.copyOf(messages));
  }

  /** A prompt that is a single message of the user. */
  public static PromptText ofUser(String text) {
    return new PromptText(List.of(new Message(Role.USER, text)));
  }

  /** The messages, oldest first. */
  public List<Message> messages() {
    return messages;
  }

  /** Characters of all messages. */
  public long length() {
    return length;
  }

  /** The last thing the user said, or the last message if the user said nothing; may be empty. */
  public String lastOfUser() {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role() == Role.USER) {
        return messages.get(i).text();
      }
    }
    return messages.isEmpty() ? "" : messages.get(messages.size() - 1).text();
  }

  /** Shows the lengths only. */
  @Override
  public String toString() {
    return "PromptText[" + messages.size() + " messages, " + length + " chars]";
  }
}
