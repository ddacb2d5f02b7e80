package org.brokecluster.node.runtime.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Recognises an event that differs from an earlier one in its text alone, and takes the text out
 * without parsing the rest again: within a stream nearly all events are such, and parsing was half
 * the cost of a token.
 *
 * <p>An event is a match if it begins and ends with exactly the same bytes as the one that was
 * learned and has between them neither a quote nor a backslash nor a control character: then it
 * would have parsed to the same with another text. Not thread safe.
 */
final class EventTemplate {
  private static final List<Key> KEYS =
      List.of(
          new Key("\"content\":\"", TokenChunk.Kind.CONTENT),
          new Key("\"content\": \"", TokenChunk.Kind.CONTENT),
          new Key("\"text\":\"", TokenChunk.Kind.CONTENT),
          new Key("\"text\": \"", TokenChunk.Kind.CONTENT),
          new Key("\"reasoning_content\":\"", TokenChunk.Kind.REASONING),
          new Key("\"reasoning\":\"", TokenChunk.Kind.REASONING),
          new Key("\"reasoning\": \"", TokenChunk.Kind.REASONING));
  private static final int LONGEST = 4 * 1024;
  private static final char REPLACEMENT = '\uFFFD';

  private byte[] prefix = {};
  private byte[] suffix = {};
  private TokenChunk.Kind kind = TokenChunk.Kind.CONTENT;

  /** What stands before a text, and what the text then is. */
  private static final class Key {
    private final byte[] bytes;
    private final TokenChunk.Kind kind;

    Key(String text, TokenChunk.Kind kind) {
      this.bytes = text.getBytes(StandardCharsets.US_ASCII);
      this.kind = kind;
    }
  }

  /** What the text of a matching event is. */
  TokenChunk.Kind kind() {
    return kind;
  }

  /** The text of an event that matches, or null. */
  @Nullable String match(byte[] event, int from, int to) {
    int textFrom = from + prefix.length;
    int textTo = to - suffix.length;
    if (prefix.length == 0
        || textFrom >= textTo
        || !Arrays.equals(event, from, textFrom, prefix, 0, prefix.length)
        || !Arrays.equals(event, textTo, to, suffix, 0, suffix.length)
        || !plain(event, textFrom, textTo)) {
      return null;
    }
    var text = new String(event, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
    // Bytes that are not UTF-8 need more care.
    return text.indexOf(REPLACEMENT) < 0 ? text : null;
  }

  /** Remembers an event that was parsed to nothing but this text, if it is fit for that. */
  void learn(byte[] event, int from, int to, TokenChunk.Kind textKind, String text) {
    if (to - from > LONGEST || begins(event, from, to)) {
      return;
    }
    var raw = text.getBytes(StandardCharsets.UTF_8);
    for (var key : KEYS) {
      int at = key.kind == textKind ? onlyPlace(event, from, to, key.bytes) : -1;
      int textFrom = at + key.bytes.length;
      int textTo = textFrom + raw.length;
      if (at >= 0
          && textTo < to
          && event[textTo] == '"'
          && Arrays.equals(event, textFrom, textTo, raw, 0, raw.length)) {
        prefix = Arrays.copyOfRange(event, from, textFrom);
        suffix = Arrays.copyOfRange(event, textTo, to);
        kind = textKind;
        return;
      }
    }
  }

  /** Whether it begins like the one known already, and only its text needed the parser. */
  private boolean begins(byte[] event, int from, int to) {
    int end = from + prefix.length;
    return prefix.length > 0
        && end <= to
        && Arrays.equals(event, from, end, prefix, 0, prefix.length);
  }

  private static int onlyPlace(byte[] event, int from, int to, byte[] wanted) {
    int place = -1;
    for (int at = from; at + wanted.length <= to; at++) {
      if (Arrays.equals(event, at, at + wanted.length, wanted, 0, wanted.length)) {
        if (place >= 0) {
          return -1;
        }
        place = at;
      }
    }
    return place;
  }

  private static boolean plain(byte[] event, int from, int to) {
    for (int at = from; at < to; at++) {
      byte sign = event[at];
      if (sign == '"' || sign == '\\' || (sign >= 0 && sign < ' ')) {
        return false;
      }
    }
    return true;
  }
}
