package org.brokecluster.node.runtime.answer;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Deque;
import java.util.Locale;
import org.brokecluster.node.runtime.http.ResponseHead;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Understands the bytes of one answer: a stream of lines, one piece of JSON although a stream was
 * asked for, or an error. What a line means is the business of those who extend it. Used by one
 * thread at a time.
 */
public abstract class AnswerStream {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);
  private static final int ERROR_BODY_MAX = 64 * 1024;
  private static final int OK = 200;

  /** How the bytes are to be read. */
  private enum Form {
    LINES,
    ONE_ANSWER,
    ERROR
  }

  private final AnswerLimits limits;
  private final AnswerAssembler assembler;
  private LineBuffer lines;
  private Form form = Form.LINES;
  private @Nullable ResponseHead headers;
  private Instant headersAt = Instant.EPOCH;
  private boolean anyBytes;
  private long bytesWithoutText;
  private @Nullable AttemptFailure transportError;

  private @Nullable AttemptFailure failure;
  private boolean ended;
  private boolean life;
  private double prefillShare = -1;
  private boolean chunksBegan;
  private boolean brokenSaid;

  /** A stream about to begin. */
  protected AnswerStream(AnswerLimits limits, AnswerAssembler assembler) {
    this.limits = limits;
    this.assembler = assembler;
    this.lines = new LineBuffer(limits.maxEventBytes());
  }

  /** Takes a line that is not empty, without its end. */
  protected abstract void line(byte[] bytes, int from, int to);

  /** Takes an empty line; means nothing unless overridden. */
  protected void emptyLine() {}

  /** Takes an answer that came in one piece of JSON. */
  protected abstract void oneAnswer(byte[] bytes);

  /** Whether this content type means one piece of JSON. */
  protected boolean isOneAnswer(String contentType) {
    return contentType.startsWith("application/json");
  }

  /** Where chunks are made. */
  protected final AnswerAssembler assembler() {
    return assembler;
  }

  /** An event could not be read and is left out. */
  protected final void broken() {
    if (!brokenSaid) {
      brokenSaid = true; // once an answer is enough
      LOG.warn("a runtime sent an event that cannot be read, it is left out of the answer");
    }
  }

  /** The runtime gives a sign of life. */
  protected final void alive() {
    life = true;
  }

  /** The runtime tells which share of the prompt it has read, 0 to 1. */
  protected final void prefilled(double share) {
    life = true;
    prefillShare = Math.max(0, Math.min(1, share));
  }

  /** An event has been handed to the assembler. */
  protected final void taken() {
    if (!assembler.ready().isEmpty()) {
      chunksBegan = true;
      bytesWithoutText = 0;
    }
    if (assembler.beyondLimit()) {
      ended = true;
    }
  }

  /** The runtime says that the stream ends here. */
  protected final void endOfStream() {
    if (assembler.finished()) {
      complete();
    } else {
      fail(
          AttemptFailure.of(
              Kind.STREAM_CUT,
              "no_finish_reason",
              "the runtime ended the stream without a finish reason"));
    }
  }

  /** Looks at status and content type. */
  public final void onHead(ResponseHead head, Instant now) {
    headers = head;
    headersAt = now;
    var type = head.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (head.status() != OK) {
      form = Form.ERROR;
      lines = new LineBuffer(ERROR_BODY_MAX);
    } else if (isOneAnswer(type)) {
      form = Form.ONE_ANSWER;
      lines = new LineBuffer(limits.maxAnswerBytes());
      life = true;
    } else {
      life = true;
    }
  }

  /** Takes bytes in. */
  public final void add(ByteBuffer bytes) {
    anyBytes = true;
    bytesWithoutText += bytes.remaining();
    boolean taken = lines.add(bytes);
    bytes.position(bytes.limit());
    if (!taken && form == Form.ERROR) {
      onBodyEnd();
    } else if (!taken) {
      fail(flood("event_too_large", "the runtime sent more in one piece than is allowed"));
    } else if (form == Form.LINES && bytesWithoutText > limits.maxAnswerBytes()) {
      fail(flood("stream_flood", "the runtime sent far more bytes than text"));
    }
  }

  /** The connection broke; what came before counts first. */
  public final void onTransportError(AttemptFailure why) {
    transportError = why;
  }

  /** Takes the finish reason for the end, though counts are missing. */
  public final void stopWaiting() {
    if (!ended && assembler.finished()) {
      complete();
    }
  }

  /** The body is over, by an error of the transport or in good order. */
  public final void onBodyEnd() {
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
      case ONE_ANSWER -> oneAnswer(lines.rest());
      case LINES -> readLastLine();
    }
  }

  /** Ends it with a failure. */
  public final void fail(AttemptFailure why) {
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
  public final boolean advance() {
    if (ended || form != Form.LINES || !lines.nextLine()) {
      return false;
    }
    currentLine();
    return true;
  }

  /** Chunks to hand on, to be removed by the taker. */
  public final Deque<TokenChunk> ready() {
    return assembler.ready();
  }

  /** Whether there is a sign of life to hand on; once for each. */
  public final boolean takeLife() {
    boolean now = life && !chunksBegan;
    life = false;
    return now;
  }

  /** Share of the prompt that is read, negative if unknown. */
  public final double prefillShare() {
    return prefillShare;
  }

  /** Whether the finish reason is known, though counts or the end may follow. */
  public final boolean finished() {
    return assembler.finished();
  }

  /** Whether all is said, once {@link #ready} is empty. */
  public final boolean ended() {
    return ended;
  }

  /** Whether the runtime goes on although the answer is over. */
  public final boolean cutShort() {
    return assembler.beyondLimit();
  }

  /** How it failed, or null. */
  public final @Nullable AttemptFailure failure() {
    return failure;
  }

  /** Why it ended well. */
  public final FinishReason reason() {
    return assembler.reason();
  }

  /** Its counts. */
  public final Usage usage() {
    return assembler.usage();
  }

  private void complete() {
    var flaw = assembler.flaw();
    if (flaw == null) {
      ended = true;
    } else {
      fail(flaw);
    }
  }

  private void currentLine() {
    if (lines.from() == lines.to()) {
      emptyLine();
    } else {
      line(lines.array(), lines.from(), lines.to());
    }
  }

  private void readLastLine() {
    if (lines.lastLine()) {
      currentLine();
    }
    if (ended) {
      return;
    }
    if (assembler.finished()) {
      complete();
    } else {
      fail(
          AttemptFailure.of(
              Kind.STREAM_CUT,
              anyBytes ? "stream_cut" : "empty_stream",
              "the runtime's stream ended without a finish reason"));
    }
  }

  private static AttemptFailure flood(String code, String message) {
    return AttemptFailure.of(Kind.RUNTIME_ERROR, code, message + "; see broke.node.openai");
  }

  private static AttemptFailure closedWithoutWord() {
    return AttemptFailure.of(
        Kind.RUNTIME_UNREACHABLE,
        "connection_closed",
        "the runtime closed the connection without an answer");
  }
}
