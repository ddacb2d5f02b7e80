package org.brokecluster.node.runtime.ollama;

import java.util.regex.Pattern;

/**
 * A version of Ollama.
 *
 * @param major first number, 0 if unknown
 * @param minor second number
 * @param patch third number
 */
record OllamaVersion(int major, int minor, int patch) {
  /** A version that could not be learned. */
  static final OllamaVersion UNKNOWN = new OllamaVersion(0, 0, 0);

  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6}).*");
  private static final int LOGPROBS_MINOR = 12;
  private static final int LOGPROBS_PATCH = 11;

  /** Reads a version such as {@code 0.12.11}; unknown if it is none. */
  static OllamaVersion parse(String text) {
    var match = NUMBERS.matcher(text);
    return match.matches()
        ? new OllamaVersion(number(match.group(1)), number(match.group(2)), number(match.group(3)))
        : UNKNOWN;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  /** Whether it gives log probabilities; versions before 0.12.11 ignore the wish. */
  boolean givesLogprobs() {
    boolean later = major > 0 || minor > LOGPROBS_MINOR;
    return later || (minor == LOGPROBS_MINOR && patch >= LOGPROBS_PATCH);
  }
}
