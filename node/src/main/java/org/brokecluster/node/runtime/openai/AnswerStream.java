package org.brokecluster.node.runtime.openai;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Understands the bytes of one answer: a stream of events, one piece of JSON although a stream was
 * asked for, or an error. Pure but for a counter; used by one thread at a time.
 */
final class AnswerStream {
  private static final Pattern KEEPALIVE = Pattern.compile(":\\s*keepalive (\\d{1,9})/(\\d{1,9})");
  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "error:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final int ERROR_BODY_MAX = 64 * 1024;
  private static final int OK = 200;

  /** How the bytes are to be read. */
  private enum Form {
    EVENTS,
    ONE_ANSWER,
    ERROR
  }

  private final OpenAiSettings settings;
  private final AnswerAssembler assembler;
  private final LongAdder brokenEvents;
  private final EventReader reader = new EventReader();
  private final EventTemplate template = new EventTemplate();
  private LineBuffer lines;
  private Form form = Form.EVENTS;
  private @Nullable ResponseHead headers;
  private Instant headersAt = Instant.EPOCH;
  private boolean anyBytes;
  private @Nullable AttemptFailure transportError;

  private @Nullable AttemptFailure failure;
  private boolean ended;
  private boolean life;
  private double prefillShare = -1;
  private boolean chunksBegan;

  /**
   * A stream about to begin.
   *
   * @param brokenEvents counts events that could not be read and were left out
   */
  AnswerStream(OpenAiSettings settings, AnswerAssembler assembler, LongAdder brokenEvents) {
    this.settings = settings;
    this.assembler = assembler;
    this.brokenEvents = brokenEvents;
    this.lines = new LineBuffer(settings.maxEventBytes());
  }

  /** Looks at status and content type. */
  void onHead(ResponseHead head, Instant now) {
    headers = head;
    headersAt = now;
    var type = head.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (head.status() != OK) {
      form = Form.ERROR;
      lines = new LineBuffer(ERROR_BODY_MAX);
    } else if (type.startsWith("application/json")) {
      form = Form.ONE_ANSWER;
      lines = new LineBuffer(settings.maxAnswerBytes());
      life = true;
    } else {
      life = true;
    }
  }

  /** Takes bytes in. */
  void add(ByteBuffer bytes) {
    anyBytes = true;
    if (lines.add(bytes)) {
      return;
    }
    bytes.position(bytes.limit());
    if (form == Form.ERROR) {
      onBodyEnd();
    } else {
      fail(
          AttemptFailure.of(
              Kind.RUNTIME_ERROR,
              "event_too_large",
              "the runtime sent more in one piece than is allowed; see broke.node.openai"));
    }
  }

  /** The connection broke; what came before counts first. */
  void onTransportError(AttemptFailure why) {
    transportError = why;
  }

  /** Takes the finish reason for the end, though counts are missing. */
  void stopWaiting() {
    ended |= assembler.finished();
  }

  /** The body is over, by an error of the transport or in good order. */
  void onBodyEnd() {
    var head = headers;
    if (ended) {
      return;
    }
    if (head == null) {
      fail(transportError != null ? transportError : closedWithoutWord());
      return;
    }
    switch (form) {
      case ERROR -> fail(RuntimeErrors.fromStatus(head, lines.rest(), headersAt));
      case ONE_ANSWER -> readOneAnswer();
      case EVENTS -> readLastLine();
    }
  }

  /** Ends it with a failure. */
  void fail(AttemptFailure why) {
    if (!ended) {
      failure = why;
      ended = true;
    }
  }

  /**
   * Understands a little more of the bytes that are here.
   *
   * @return whether there was something to understand
   */
  boolean advance() {
    if (ended || form != Form.EVENTS || !lines.nextLine()) {
      return false;
    }
    line();
    return true;
  }

  /** Chunks to hand on, to be removed by the taker. */
  Deque<TokenChunk> ready() {
    return assembler.ready();
  }

  /** Whether there is a sign of life to hand on; once for each. */
  boolean takeLife() {
    boolean now = life && !chunksBegan;
    life = false;
    return now;
  }

  /** Share of the prompt that is read, negative if unknown. */
  double prefillShare() {
    return prefillShare;
  }

  /** Whether the finish reason is known, though counts or the end may follow. */
  boolean finished() {
    return assembler.finished();
  }

  /** Whether all is said, once {@link #ready} is empty. */
  boolean ended() {
    return ended;
  }

  /** How it failed, or null. */
  @Nullable AttemptFailure failure() {
    return failure;
  }

  /** Why it ended well. */
  FinishReason reason() {
    return assembler.reason();
  }

  /** Its counts. */
  Usage usage() {
    return assembler.usage();
  }

  private void line() {
    var bytes = lines.array();
    int from = lines.from();
    int to = lines.to();
    if (from == to) {
      return;
    }
    if (bytes[from] == ':') {
      comment(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    } else if (startsWith(bytes, from, to, DATA)) {
      data(bytes, skipSpace(bytes, from + DATA.length, to), to);
    } else if (startsWith(bytes, from, to, ERROR)) {
      // Older builds of llama-server name the field, not the event.
      fail(RuntimeErrors.fromEvent(Arrays.copyOfRange(bytes, from + ERROR.length, to)));
    }
  }

  private void comment(String text) {
    life = true;
    var match = KEEPALIVE.matcher(text);
    if (match.lookingAt() && !match.group(2).matches("0+")) {
      double share = Double.parseDouble(match.group(1)) / Double.parseDouble(match.group(2));
      prefillShare = Math.min(1, share);
    }
  }

  private void data(byte[] bytes, int from, int to) {
    if (startsWith(bytes, from, to, DONE)) {
      endOfStream();
      return;
    }
    var known = template.match(bytes, from, to);
    if (known != null) {
      assembler.add(known);
      chunksBegan = true;
      return;
    }
    try {
      reader.read(bytes, from, to);
    } catch (IOException broken) {
      brokenEvents.increment();
      return;
    }
    if (reader.error() != null) {
      fail(RuntimeErrors.fromEvent(reader.error()));
      return;
    }
    if (reader.progress() >= 0) {
      life = true;
      prefillShare = reader.progress();
    }
    take();
    learn(bytes, from, to);
  }

  private void learn(byte[] bytes, int from, int to) {
    boolean speaks = !reader.content().isEmpty();
    boolean thinks = !reader.reasoning().isEmpty();
    if (reader.textOnly() && speaks != thinks) {
      var kind = speaks ? TokenChunk.Kind.CONTENT : TokenChunk.Kind.REASONING;
      template.learn(bytes, from, to, kind, speaks ? reader.content() : reader.reasoning());
    }
  }

  private void take() {
    assembler.accept(reader);
    chunksBegan |= !assembler.ready().isEmpty();
    if (assembler.finishedInError()) {
      fail(
          AttemptFailure.of(
              Kind.RUNTIME_ERROR, "runtime_error", "the runtime ended the answer with an error"));
    }
  }

  private void endOfStream() {
    if (assembler.finished()) {
      ended = true;
    } else {
      fail(
          AttemptFailure.of(
              Kind.STREAM_CUT,
              "no_finish_reason",
              "the runtime ended the stream without a finish reason"));
    }
  }

  private void readLastLine() {
    if (lines.lastLine()) {
      line();
    }
    if (ended) {
      return;
    }
    if (assembler.finished()) {
      ended = true;
    } else {
      fail(
          AttemptFailure.of(
              Kind.STREAM_CUT,
              anyBytes ? "stream_cut" : "empty_stream",
              "the runtime's stream ended without a finish reason"));
    }
  }

  private void readOneAnswer() {
    var bytes = lines.rest();
    try {
      reader.read(bytes, 0, bytes.length);
    } catch (IOException broken) {
      brokenEvents.increment();
      fail(
          AttemptFailure.of(
              Kind.STREAM_CUT, "stream_cut", "the runtime's answer is not whole or not JSON"));
      return;
    }
    if (reader.error() != null) {
      fail(RuntimeErrors.fromEvent(reader.error()));
    } else if (!reader.hasChoices()) {
      fail(
          AttemptFailure.of(
              Kind.RUNTIME_ERROR, "no_choices", "the runtime's answer has no choices"));
    } else {
      take();
      endOfStream();
    }
  }

  private static AttemptFailure closedWithoutWord() {
    return AttemptFailure.of(
        Kind.RUNTIME_UNREACHABLE,
        "connection_closed",
        "the runtime closed the connection without an answer");
  }

  private static int skipSpace(byte[] bytes, int from, int to) {
    return from < to && bytes[from] == ' ' ? from + 1 : from;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    if (to - from < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
