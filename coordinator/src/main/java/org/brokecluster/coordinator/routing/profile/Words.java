package org.brokecluster.coordinator.routing.profile;

import java.util.Arrays;

/**
 * The words at the start and at the end of a text, in lower case, with what is needed to match
 * phrases on them. Reads a bounded head and tail, so that the cost does not grow with the text.
 */
final class Words {
  /** Number of keys there are, a power of 2. */
  static final int KEYS = 1024;

  private static final int HEAD_CHARS = 2048;
  private static final int TAIL_CHARS = 1024;
  private static final int PHRASE_HEAD = 1024;
  private static final int PHRASE_TAIL = 512;
  private static final boolean[] SYMBOL = new boolean[128];

  static {
    for (char symbol : "{}();=<>[]".toCharArray()) {
      SYMBOL[symbol] = true;
    }
  }

  private final char[] lower;
  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private int[] sentences = new int[256];
  private boolean[] instruction = new boolean[256];
  private int count;
  private int symbols;
  private int fenced;
  private int questions;

  private Words(char[] lower) {
    this.lower = lower;
  }

  /** Reads the words of a text. */
  static Words of(String text) {
    boolean whole = text.length() <= HEAD_CHARS + TAIL_CHARS;
    var sample =
        whole
            ? text
            : text.substring(0, HEAD_CHARS) + "\n\n" + text.substring(text.length() - TAIL_CHARS);
    var chars = sample.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      chars[i] = Character.toLowerCase(chars[i]);
    }
    var words = new Words(chars);
    words.scan();
    return words;
  }

  /** Number of words. */
  int count() {
    return count;
  }

  /** Question marks outside code. */
  int questions() {
    return questions;
  }

  /** How much of the text is code, 0 to 1: text in fences, or the density of brackets. */
  double codeShare() {
    if (lower.length == 0) {
      return 0;
    }
    double byFence = (double) fenced / lower.length;
    double bySymbols = Math.max(0, (double) symbols / lower.length - 0.01) * 12;
    return Math.min(1, Math.max(byFence, bySymbols));
  }

  /** Whether a phrase that tells the task may begin here: near an end of the text, not in code. */
  boolean isInstruction(int word) {
    return instruction[word];
  }

  /** Whether two words stand in one sentence. */
  boolean sameSentence(int a, int b) {
    return sentences[a] == sentences[b];
  }

  /** Small hash of the first two letters, to find the phrases that may begin with this word. */
  int key(int word) {
    int start = starts[word];
    return key(lower[start], ends[word] - start > 1 ? lower[start + 1] : 0);
  }

  static int key(char first, char second) {
    return (first * 31 + second) & (KEYS - 1);
  }

  /** Whether this word is, or with {@code prefix} begins with, the stem. A plural s is ignored. */
  boolean matches(int word, String stem, boolean prefix) {
    int start = starts[word];
    int length = ends[word] - start;
    int stemLength = stem.length();
    if (length < stemLength) {
      return false;
    }
    for (int i = 0; i < stemLength; i++) {
      if (lower[start + i] != stem.charAt(i)) {
        return false;
      }
    }
    return prefix
        || length == stemLength
        || (length == stemLength + 1 && stemLength > 2 && lower[start + stemLength] == 's');
  }

  /** The number this word is, or -1 if it is none or larger than 99,999. */
  int number(int word) {
    if (ends[word] - starts[word] > 5) {
      return -1;
    }
    int value = 0;
    for (int i = starts[word]; i < ends[word]; i++) {
      if (lower[i] < '0' || lower[i] > '9') {
        return -1;
      }
      value = value * 10 + (lower[i] - '0');
    }
    return value;
  }

  private void scan() {
    boolean fence = false;
    int sentence = 0;
    int i = 0;
    while (i < lower.length) {
      char c = lower[i];
      if (isWordPart(c)) {
        int end = wordEnd(i);
        add(i, end, sentence, !fence && nearAnEnd(i));
        fenced += fence ? end - i : 0;
        i = end;
      } else if (isFence(i)) {
        fence = !fence;
        sentence++;
        i += 3;
      } else {
        fenced += fence ? 1 : 0;
        symbols += c < 128 && SYMBOL[c] ? 1 : 0;
        questions += !fence && c == '?' ? 1 : 0;
        sentence += endsSentence(i) ? 1 : 0;
        i++;
      }
    }
  }

  private int wordEnd(int start) {
    int end = start + 1;
    if (isWordOfItsOwn(lower[start])) {
      return end;
    }
    while (end < lower.length && isWordPart(lower[end]) && !isWordOfItsOwn(lower[end])) {
      end++;
    }
    return end;
  }

  private boolean nearAnEnd(int position) {
    return position < PHRASE_HEAD || position >= lower.length - PHRASE_TAIL;
  }

  private boolean isFence(int i) {
    return lower[i] == '`' && i + 2 < lower.length && lower[i + 1] == '`' && lower[i + 2] == '`';
  }

  private boolean endsSentence(int i) {
    char c = lower[i];
    boolean last = i + 1 >= lower.length;
    if (c == '\n') {
      return !last && lower[i + 1] == '\n';
    }
    return (c == '.' || c == '!' || c == '?' || c == ';')
        && (last || Character.isWhitespace(lower[i + 1]));
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '#'
        || (c > 127 && Character.isLetter(c));
  }

  /** Han and kana are written without spaces. */
  private static boolean isWordOfItsOwn(char c) {
    return (c >= 0x3040 && c < 0x3100) || (c >= 0x3400 && c < 0xA000);
  }

  private void add(int start, int end, int sentence, boolean isInstruction) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      sentences = Arrays.copyOf(sentences, count * 2);
      instruction = Arrays.copyOf(instruction, count * 2);
    }
    starts[count] = start;
    ends[count] = end;
    sentences[count] = sentence;
    instruction[count] = isInstruction;
    count++;
  }
}
