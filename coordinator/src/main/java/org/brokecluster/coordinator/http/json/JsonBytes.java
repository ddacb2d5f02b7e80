package org.brokecluster.coordinator.http.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing array of bytes that JSON is written into. Strings are escaped so that the result is
 * valid JSON, valid UTF-8, and a single line for every reader: besides what RFC 8259 demands, the
 * characters that some line splitters take for a line end (U+0085, U+2028, U+2029) are escaped, and
 * a surrogate without its partner becomes U+FFFD.
 *
 * <p>Not thread safe. Reuse one by {@link #clear()}.
 */
public final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final char REPLACEMENT = '\uFFFD';

  /** Bytes one character needs at most: an escape such as {@code \}{@code u2028}. */
  private static final int WORST = 6;

  private byte[] bytes;
  private int length;

  /** With room for this many bytes before it grows. */
  public JsonBytes(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  /** Forgets what was written, keeps the room. */
  public void clear() {
    length = 0;
  }

  /** Number of bytes written. */
  public int length() {
    return length;
  }

  /** The array written into; only the first {@link #length()} bytes count, until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Writes bytes as they are. */
  public JsonBytes raw(byte[] source) {
    room(source.length);
    System.arraycopy(source, 0, bytes, length, source.length);
    length += source.length;
    return this;
  }

  /** Writes a text of ASCII characters as it is. */
  public JsonBytes raw(String ascii) {
    int count = ascii.length();
    room(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /**
   * Writes a finished JSON document as it is, but on one line: raw line ends, which valid JSON has
   * between its tokens only, become spaces.
   */
  public JsonBytes json(String document) {
    byte[] source = document.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < source.length; i++) {
      if (source[i] == '\n' || source[i] == '\r') {
        source[i] = ' ';
      }
    }
    return raw(source);
  }

  /** Writes a whole number. */
  public JsonBytes number(long value) {
    return raw(Long.toString(value));
  }

  /** Writes a quoted string, or {@code null}. */
  public JsonBytes string(@Nullable String text) {
    if (text == null) {
      return raw(NULL);
    }
    room(1);
    bytes[length++] = '"';
    escaped(text);
    room(1);
    bytes[length++] = '"';
    return this;
  }

  /** Writes the inside of a string, without its quotes. */
  public JsonBytes escaped(String text) {
    int count = text.length();
    for (int i = 0; i < count; i++) {
      if (bytes.length - length < WORST) {
        room(WORST + (count - i));
      }
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < count
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        four(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        other(Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return this;
  }

  private void ascii(char c) {
    if (c >= 0x20 && c != '"' && c != '\\') {
      bytes[length++] = (byte) c;
      return;
    }
    switch (c) {
      case '"' -> pair('"');
      case '\\' -> pair('\\');
      case '\n' -> pair('n');
      case '\r' -> pair('r');
      case '\t' -> pair('t');
      case '\b' -> pair('b');
      case '\f' -> pair('f');
      default -> hex(c);
    }
  }

  private void other(char c) {
    if (c == '\u0085' || c == '\u2028' || c == '\u2029') {
      hex(c);
    } else if (c < 0x800) {
      bytes[length++] = (byte) (0xC0 | (c >> 6));
      bytes[length++] = (byte) (0x80 | (c & 0x3F));
    } else {
      bytes[length++] = (byte) (0xE0 | (c >> 12));
      bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (c & 0x3F));
    }
  }

  private void four(int point) {
    bytes[length++] = (byte) (0xF0 | (point >> 18));
    bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
    bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
    bytes[length++] = (byte) (0x80 | (point & 0x3F));
  }

  private void pair(char second) {
    bytes[length++] = '\\';
    bytes[length++] = (byte) second;
  }

  private void hex(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    bytes[length++] = HEX[(c >> 12) & 0xF];
    bytes[length++] = HEX[(c >> 8) & 0xF];
    bytes[length++] = HEX[(c >> 4) & 0xF];
    bytes[length++] = HEX[c & 0xF];
  }

  private void room(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, MAX)));
    }
  }

  /** Longest array a JVM can be trusted to make. */
  private static final int MAX = Integer.MAX_VALUE - 8;
}
