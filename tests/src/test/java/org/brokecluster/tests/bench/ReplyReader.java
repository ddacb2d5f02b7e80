package org.brokecluster.tests.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** Takes one HTTP/1.1 response apart as its bytes come. Not thread safe. */
final class ReplyReader {
  private enum State {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    DONE
  }

  /** Takes the body as it comes. */
  interface Body {
    /** Some bytes of the body. */
    void bytes(byte[] buffer, int from, int to);
  }

  private final Body body;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder head = new StringBuilder();
  private State state = State.HEAD;
  private int status;
  private long left;

  ReplyReader(Body body) {
    this.body = body;
  }

  /** HTTP status, 0 until the head is read. */
  int status() {
    return status;
  }

  boolean done() {
    return state == State.DONE;
  }

  /**
   * Takes bytes; what comes after the end of the response is an error.
   *
   * @throws IllegalStateException if this is no response
   */
  void feed(byte[] buffer, int from, int to) {
    int at = from;
    while (at < to) {
      at =
          switch (state) {
            case HEAD, CHUNK_SIZE, CHUNK_END, TRAILER -> feedLine(buffer, at, to);
            case LENGTH, CHUNK -> feedBody(buffer, at, to);
            case DONE -> throw new IllegalStateException("bytes after the end of a response");
          };
    }
  }

  private int feedBody(byte[] buffer, int at, int to) {
    int end = (int) Math.min(to, at + left);
    body.bytes(buffer, at, end);
    left -= end - at;
    if (left == 0) {
      state = state == State.LENGTH ? State.DONE : State.CHUNK_END;
    }
    return end;
  }

  private int feedLine(byte[] buffer, int at, int to) {
    for (int i = at; i < to; i++) {
      if (buffer[i] == '\n') {
        line.write(buffer, at, i - at);
        var text = line.toString(ISO_8859_1).strip();
        line.reset();
        endOfLine(text);
        return i + 1;
      }
    }
    line.write(buffer, at, to - at);
    return to;
  }

  private void endOfLine(String text) {
    switch (state) {
      case HEAD -> headLine(text);
      case CHUNK_SIZE -> {
        left = Long.parseLong(text.split(";", 2)[0].strip(), 16);
        state = left == 0 ? State.TRAILER : State.CHUNK;
      }
      case CHUNK_END -> state = State.CHUNK_SIZE;
      case TRAILER -> state = text.isEmpty() ? State.DONE : State.TRAILER;
      case LENGTH, CHUNK, DONE -> throw new IllegalStateException("no line is due: " + state);
    }
  }

  private void headLine(String text) {
    if (!text.isEmpty()) {
      head.append(text.toLowerCase(Locale.ROOT)).append('\n');
      return;
    }
    var all = head.toString();
    status = Integer.parseInt(all.substring(9, 12));
    if (all.contains("\ntransfer-encoding: chunked\n")) {
      state = State.CHUNK_SIZE;
      return;
    }
    int length = all.indexOf("\ncontent-length:");
    if (length < 0) {
      throw new IllegalStateException("neither length nor chunks: " + all);
    }
    left = Long.parseLong(all.substring(length + 16, all.indexOf('\n', length + 1)).strip());
    state = left == 0 ? State.DONE : State.LENGTH;
  }
}
