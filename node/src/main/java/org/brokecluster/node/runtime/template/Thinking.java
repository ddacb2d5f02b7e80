package org.brokecluster.node.runtime.template;

import java.util.regex.Pattern;
import org.brokecluster.node.runtime.Spoken;

/**
 * The block of thinking in front of an answer, as models write it that mark it by {@code <think>}.
 * Where a template opens it, the model goes on inside; where it closes an empty one, the model does
 * not think; where it does neither, the model opens it itself. Pure.
 */
final class Thinking {
  private static final String OPEN = "<think>\n";
  private static final String CLOSE = "\n</think>\n\n";

  /** The same as it stands in a template between quotes. */
  private static final String CLOSE_QUOTED = "\\n</think>\\n\\n";

  private static final Pattern AT_END = Pattern.compile("<think>\\s*(</think>\\s*)?\\z");

  private Thinking() {}

  /** Where a block begins with which a prompt ends; the prompt's length if there is none. */
  static int startsAt(String prompt) {
    var match = AT_END.matcher(prompt);
    return match.find() ? match.start() : prompt.length();
  }

  /**
   * The prompt with what was said behind it.
   *
   * @param gap white space between a prompt and an answer that was given without thinking
   * @param template source of the template
   * @throws CannotRender if it is not sure how the model writes its thinking
   */
  static String join(String prompt, String gap, String template, Spoken spoken)
      throws CannotRender {
    var block = prompt.substring(startsAt(prompt));
    var thought = spoken.reasoning().strip();
    if (thought.isEmpty()) {
      return prompt + withoutThought(block, gap, spoken.content());
    }
    if (block.equals(OPEN)) {
      return prompt + thought + CLOSE + spoken.content();
    }
    boolean writesSo = template.contains(CLOSE) || template.contains(CLOSE_QUOTED);
    if (!block.isEmpty() || !writesSo) {
      throw new CannotRender("it is not known how this model marks its thinking");
    }
    return prompt + OPEN + thought + CLOSE + spoken.content();
  }

  private static String withoutThought(String block, String gap, String content)
      throws CannotRender {
    boolean open = !block.isEmpty() && !block.contains("</think>");
    if (open && !content.contains("</think>")) {
      throw new CannotRender("the model was to think first, and its thinking is not known");
    }
    boolean begins = Character.isWhitespace(content.charAt(0));
    return (block.isEmpty() && !begins ? gap : "") + content;
  }
}
