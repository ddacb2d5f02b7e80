package org.brokecluster.coordinator.history.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Goes once through JSON in UTF-8 and says where things begin and end. What is passed over is only
 * looked at for its end, several times faster than a parser that checks every number: a replay
 * passes over most of what is stored. It never reads past the end, and whoever has to know that
 * nothing was changed compares hashes. Not thread safe.
 */
final class JsonCursor {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DIGITS_MAX = 19;

  private final byte[] json;
  private final KnownNames<String> fields;
  private int at;
  private boolean first;
  private boolean escaped;

  /**
   * At the beginning of the bytes.
   *
   * @param fields names of fields that were met before
   */
  JsonCursor(byte[] json, KnownNames<String> fields) {
    this.json = json;
    this.fields = fields;
  }

  /** Names of fields, to be kept from one cursor to the next. */
  static KnownNames<String> fieldNames() {
    return new KnownNames<>(256, Function.identity());
  }

  /** Index of the next byte. */
  int position() {
    return at;
  }

  /** Goes to the next byte that is no space. */
  void passSpace() throws IOException {
    peek();
  }

  /** Goes to where a value begins. */
  void back(int position) {
    at = position;
  }

  /** Goes into the object or array that begins here. */
  void open(char bracket) throws IOException {
    expect(bracket);
    first = true;
  }

  /** Whether the object or array goes on; if not, it is left. */
  boolean more(char closing) throws IOException {
    byte next = peek();
    if (next == closing) {
      at++;
      first = false;
      return false;
    }
    if (!first) {
      expect(',');
    }
    first = false;
    return true;
  }

  /** The next field's name, or an empty text after the last, when the object is left. */
  String field() throws IOException {
    if (!more('}')) {
      return "";
    }
    var name = text(fields);
    expect(':');
    return name;
  }

  /** A text, as what it is known as. */
  <T> T text(KnownNames<T> names) throws IOException {
    expect('"');
    int start = at;
    escaped = false;
    at = behindString(start);
    first = false;
    return escaped
        ? names.make(MAPPER.readValue(json, start - 1, at - start + 1, String.class))
        : names.get(json, start, at - 1);
  }

  /** A whole number of at most 64 bits. */
  long integer() throws IOException {
    boolean negative = peek() == '-';
    int start = negative ? ++at : at;
    long value = 0; // below 0, where there is one more number than above
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      value = 10 * value - (json[at++] - '0');
    }
    int digits = at - start;
    boolean tooLarge =
        digits > DIGITS_MAX
            || (digits == DIGITS_MAX && value >= 0) // it ran over
            || (!negative && value == Long.MIN_VALUE);
    if (digits == 0 || tooLarge) {
      throw new IOException("no whole number of 64 bits at byte " + start);
    }
    first = false;
    return negative ? value : -value;
  }

  /** A number, whole or not. */
  double number() throws IOException {
    peek();
    int start = at;
    skip();
    var text = new String(json, start, at - start, StandardCharsets.ISO_8859_1);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IOException("no number at byte " + start, e);
    }
  }

  /** A whole number that fits into 32 bits. */
  int small() throws IOException {
    long value = integer();
    if (value != (int) value) {
      throw new IOException("too large a number before byte " + at);
    }
    return (int) value;
  }

  /** Yes or no. */
  boolean truth() throws IOException {
    byte next = peek();
    skip();
    if (next != 't' && next != 'f') {
      throw new IOException("neither true nor false before byte " + at);
    }
    return next == 't';
  }

  /** Passes over a null, if one is here. */
  boolean passedNull() throws IOException {
    boolean absent = peek() == 'n';
    if (absent) {
      skip();
    }
    return absent;
  }

  /** Passes over the value that begins here. */
  void skip() throws IOException {
    byte next = peek();
    first = false;
    if (next == '"') {
      at = behindString(at + 1);
    } else if (next == '{' || next == '[') {
      passNested();
    } else {
      passWord();
    }
  }

  /** Nothing follows. */
  void end() throws IOException {
    while (at < json.length) {
      if (json[at++] > ' ') {
        throw new IOException("something follows at byte " + (at - 1));
      }
    }
  }

  /** The bytes of the value that begins here, which is passed over. */
  byte[] value() throws IOException {
    peek();
    int start = at;
    skip();
    return since(start);
  }

  /** The bytes from a position up to here. */
  byte[] since(int start) {
    return Arrays.copyOfRange(json, start, at);
  }

  private void passNested() throws IOException {
    int depth = 0;
    int next = at;
    do {
      if (next >= json.length) {
        throw endless();
      }
      byte found = json[next++];
      if (found == '"') {
        next = behindString(next);
      } else if ((found | 0x20) == '{') { // one bit apart from [
        depth++;
      } else if ((found | 0x20) == '}') {
        depth--;
      }
    } while (depth > 0);
    at = next;
  }

  /** The index behind the closing quote of a string whose text begins at {@code from}. */
  private int behindString(int from) throws IOException {
    for (int i = from; i < json.length; i++) {
      if (json[i] == '"') {
        return i + 1;
      }
      if (json[i] == '\\') {
        escaped = true;
        i++;
      }
    }
    throw endless();
  }

  private void passWord() throws IOException {
    int start = at;
    while (at < json.length && json[at] > ' ' && ",]}:{[\"".indexOf(json[at]) < 0) {
      at++;
    }
    if (at == start) {
      throw new IOException("no value at byte " + start);
    }
  }

  private void expect(char wanted) throws IOException {
    byte found = peek();
    if (found != wanted) {
      throw new IOException(
          "expected %s at byte %d, found %s".formatted(wanted, at, (char) (found & 0xff)));
    }
    at++;
  }

  /** The next byte that is no space, without going behind it. */
  private byte peek() throws IOException {
    while (at < json.length) {
      if (json[at] > ' ' || json[at] < 0) {
        return json[at];
      }
      at++;
    }
    throw endless();
  }

  private IOException endless() {
    return new IOException("it ends in the middle, after %d bytes".formatted(json.length));
  }
}
