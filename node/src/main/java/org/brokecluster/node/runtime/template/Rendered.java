package org.brokecluster.node.runtime.template;

import java.util.List;

/**
 * Chats as text.
 *
 * @param template source of the template that made them
 * @param texts one for each chat, in their order
 */
public record Rendered(String template, List<String> texts) {
  /** Copies the list. */
  public Rendered {
    texts = List.copyOf(texts);
  }

  /** Shows lengths only: prompts never reach a log. */
  @Override
  public String toString() {
    return "Rendered[template %d chars, %d texts]".formatted(template.length(), texts.size());
  }
}
