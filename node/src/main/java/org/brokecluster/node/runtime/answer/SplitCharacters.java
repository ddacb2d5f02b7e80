package org.brokecluster.node.runtime.answer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Puts characters together again that a runtime has cut in two between events: halves of a
 * surrogate pair, or bytes of UTF-8 that were sent as they are. What never becomes whole is
 * replaced by U+FFFD, so that what leaves is always valid.
 *
 * <p>Bytes that are not valid UTF-8 by themselves come as the characters U+DC80 to U+DCFF, see
 * {@link #decode}. Not thread safe.
 */
public final class SplitCharacters {
  private static final char REPLACEMENT = '\uFFFD';
  private static final char FIRST_BYTE = '\uDC80';
  private static final char LAST_BYTE = '\uDCFF';
  private static final int ESCAPE = 0xDC00;
  private static final int LONGEST = 4;

  private final StringBuilder out = new StringBuilder();
  private final byte[] bytes = new byte[LONGEST];
  private int count;
  private char high;

  /**
   * Bytes as text, with each byte that is not part of valid UTF-8 as one character of its own from
   * U+DC80 on, so that a parser can carry it to {@link #next}.
   */
  public static String decode(byte[] source, int from, int to) {
    var in = ByteBuffer.wrap(source, from, to - from);
    var text = CharBuffer.allocate(to - from);
    var decoder = StandardCharsets.UTF_8.newDecoder();
    while (in.hasRemaining()) {
      decoder.reset().decode(in, text, true);
      if (in.hasRemaining()) {
        text.put((char) (ESCAPE + (in.get() & 0xFF)));
      }
    }
    return text.flip().toString();
  }

  /** The part of the text so far that is whole; empty if there is none. */
  String next(String text) {
    if (count == 0 && high == 0 && isWhole(text)) {
      return text;
    }
    out.setLength(0);
    for (int i = 0; i < text.length(); i++) {
      take(text.charAt(i));
    }
    return out.toString();
  }

  /** What is left at the end of the text. */
  String end() {
    boolean left = count > 0 || high != 0;
    count = 0;
    high = 0;
    return left ? String.valueOf(REPLACEMENT) : "";
  }

  private void take(char sign) {
    if (high != 0) {
      char before = high;
      high = 0;
      if (Character.isLowSurrogate(sign)) {
        out.append(before).append(sign);
        return;
      }
      out.append(REPLACEMENT);
    }
    if (sign >= FIRST_BYTE && sign <= LAST_BYTE) {
      takeByte((byte) (sign - ESCAPE));
      return;
    }
    dropBytes();
    if (Character.isHighSurrogate(sign)) {
      high = sign;
    } else {
      out.append(Character.isLowSurrogate(sign) ? REPLACEMENT : sign);
    }
  }

  private void takeByte(byte next) {
    boolean continues = (next & 0xC0) == 0x80;
    if (continues == (count == 0)) {
      dropBytes();
      if (continues) {
        out.append(REPLACEMENT);
        return;
      }
    }
    bytes[count++] = next;
    if (count == length(bytes[0])) {
      out.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
      count = 0;
    }
  }

  private void dropBytes() {
    if (count > 0) {
      out.append(REPLACEMENT);
      count = 0;
    }
  }

  /** Bytes of a character by its first byte; 1 for what cannot begin one. */
  private static int length(byte first) {
    int value = first & 0xFF;
    if (value >= 0xC2 && value < 0xE0) {
      return 2;
    }
    if (value >= 0xE0 && value < 0xF0) {
      return 3;
    }
    return value >= 0xF0 && value < 0xF5 ? LONGEST : 1;
  }

  private static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      char sign = text.charAt(i);
      if (Character.isSurrogate(sign)) {
        boolean pair =
            Character.isHighSurrogate(sign)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
