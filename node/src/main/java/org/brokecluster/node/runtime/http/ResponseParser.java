package org.brokecluster.node.runtime.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one HTTP/1.x answer after another from bytes as they come (RFC 9112): bodies of known
 * length, chunked, or up to the close. Interim answers (1xx) are skipped. Not thread safe.
 */
final class ResponseParser {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_HEADERS = 200;

  /** Where in an answer it is. */
  private enum Stage {
    STATUS,
    HEADERS,
    FIXED,
    TO_CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  private final Map<String, String> headers = new HashMap<>();
  private byte[] line = new byte[128];
  private int lineLength;
  private Stage stage = Stage.STATUS;
  private boolean http10;
  private int status;
  private long left;
  private boolean anyBytes;

  /** Gets ready for the next answer on the same connection. */
  void reset() {
    stage = Stage.STATUS;
    lineLength = 0;
    anyBytes = false;
    headers.clear();
  }

  /** Whether the answer is whole. */
  boolean done() {
    return stage == Stage.DONE;
  }

  /** Whether any byte of the answer came. */
  boolean anyBytes() {
    return anyBytes;
  }

  /** Whether the connection may be used for another request once the answer is whole. */
  boolean reusable() {
    if (stage != Stage.DONE) {
      return false;
    }
    var connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    return http10 ? connection.contains("keep-alive") : !connection.contains("close");
  }

  /** Whether a close at this point is the orderly end of the answer. */
  boolean endsWithClose() {
    return stage == Stage.TO_CLOSE;
  }

  /**
   * Takes bytes in until there are none left or the answer is whole.
   *
   * @throws IOException if this is not HTTP
   */
  void feed(ByteBuffer in, ResponseHandler handler) throws IOException {
    anyBytes |= in.hasRemaining();
    while (in.hasRemaining() && stage != Stage.DONE) {
      switch (stage) {
        case FIXED, CHUNK_DATA, TO_CLOSE -> body(in, handler);
        case STATUS, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> {
          if (fillLine(in)) {
            line(handler);
            lineLength = 0;
          }
        }
        case DONE -> throw new IllegalStateException("fed behind the end");
      }
    }
  }

  private void body(ByteBuffer in, ResponseHandler handler) {
    int limit = in.limit();
    if (stage != Stage.TO_CLOSE && in.remaining() > left) {
      in.limit(in.position() + (int) left);
    }
    left -= in.remaining();
    int end = in.limit();
    handler.onBody(in);
    in.limit(limit).position(end);
    if (stage != Stage.TO_CLOSE && left == 0) {
      stage = stage == Stage.FIXED ? Stage.DONE : Stage.CHUNK_END;
    }
  }

  /** Collects a line; true once it is whole, without its end. */
  private boolean fillLine(ByteBuffer in) throws IOException {
    while (in.hasRemaining()) {
      byte sign = in.get();
      if (sign == '\n') {
        lineLength -= lineLength > 0 && line[lineLength - 1] == '\r' ? 1 : 0;
        return true;
      }
      if (lineLength == line.length) {
        if (lineLength >= LONGEST_LINE) {
          throw new IOException("a line of the answer is too long to be HTTP");
        }
        line = Arrays.copyOf(line, line.length * 4);
      }
      line[lineLength++] = sign;
    }
    return false;
  }

  private void line(ResponseHandler handler) throws IOException {
    switch (stage) {
      case STATUS -> statusLine();
      case HEADERS -> {
        if (lineLength == 0) {
          endOfHeaders(handler);
        } else {
          header();
        }
      }
      case CHUNK_SIZE -> {
        left = chunkSize();
        stage = left == 0 ? Stage.TRAILERS : Stage.CHUNK_DATA;
      }
      case CHUNK_END -> {
        if (lineLength != 0) {
          throw new IOException("a chunk is longer than it said");
        }
        stage = Stage.CHUNK_SIZE;
      }
      case TRAILERS -> stage = lineLength == 0 ? Stage.DONE : Stage.TRAILERS;
      case FIXED, TO_CLOSE, CHUNK_DATA, DONE -> throw new IllegalStateException("no line expected");
    }
  }

  private void statusLine() throws IOException {
    var text = text();
    if (text.isEmpty()) {
      return;
    }
    if (text.length() < 12 || !text.startsWith("HTTP/1.") || text.charAt(8) != ' ') {
      throw new IOException("the answer does not begin like HTTP");
    }
    http10 = text.charAt(7) == '0';
    try {
      status = Integer.parseInt(text.substring(9, 12));
    } catch (NumberFormatException e) {
      throw new IOException("the answer has no status", e);
    }
    stage = Stage.HEADERS;
  }

  private void header() throws IOException {
    var text = text();
    int colon = text.indexOf(':');
    if (colon <= 0 || headers.size() >= MOST_HEADERS) {
      throw new IOException("the answer has headers that cannot be read");
    }
    headers.putIfAbsent(
        text.substring(0, colon).toLowerCase(Locale.ROOT), text.substring(colon + 1).strip());
  }

  private void endOfHeaders(ResponseHandler handler) throws IOException {
    if (status >= 100 && status < 200) {
      reset();
      return;
    }
    stage = bodyStage();
    handler.onHead(new ResponseHead(status, headers));
  }

  private Stage bodyStage() throws IOException {
    if (status == 204 || status == 304) {
      return Stage.DONE;
    }
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      return Stage.CHUNK_SIZE;
    }
    var length = headers.get("content-length");
    if (length == null) {
      return Stage.TO_CLOSE;
    }
    try {
      left = Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new IOException("the answer has a length that is no number", e);
    }
    if (left < 0) {
      throw new IOException("the answer has a negative length");
    }
    return left == 0 ? Stage.DONE : Stage.FIXED;
  }

  private long chunkSize() throws IOException {
    long size = 0;
    int digits = 0;
    while (digits < lineLength && Character.digit(line[digits], 16) >= 0) {
      size = size * 16 + Character.digit(line[digits], 16);
      digits++;
    }
    boolean ends = digits == lineLength || line[digits] == ';' || line[digits] == ' ';
    if (digits == 0 || digits > 15 || !ends) {
      throw new IOException("the answer has a chunk without a size");
    }
    return size;
  }

  private String text() {
    return new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
  }
}
