package org.brokecluster.node.runtime.openai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerLimits;
import org.brokecluster.node.runtime.answer.AnswerStream;
import org.brokecluster.node.runtime.answer.RuntimeErrors;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/** An answer as server-sent events in OpenAI's manner, or what the servers make of it. */
final class EventStream extends AnswerStream {
  private static final Pattern KEEPALIVE = Pattern.compile(":\\s*keepalive (\\d{1,9})/(\\d{1,9})");
  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "error:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = "event:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final EventReader reader = new EventReader();
  private final EventTemplate template = new EventTemplate();
  private boolean named;

  /** A stream about to begin. */
  EventStream(AnswerLimits limits, AnswerAssembler assembler) {
    super(limits, assembler);
  }

  @Override
  protected void emptyLine() {
    named = false;
  }

  @Override
  protected void line(byte[] bytes, int from, int to) {
    if (bytes[from] == ':') {
      comment(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    } else if (startsWith(bytes, from, to, DATA)) {
      data(bytes, skipSpace(bytes, from + DATA.length, to), to);
    } else if (startsWith(bytes, from, to, ERROR)) {
      // Older builds of llama-server name the field, not the event.
      fail(RuntimeErrors.fromEvent(Arrays.copyOfRange(bytes, from + ERROR.length, to)));
    } else if (startsWith(bytes, from, to, EVENT)) {
      int start = from + EVENT.length;
      var name = new String(bytes, start, to - start, StandardCharsets.UTF_8);
      named = name.strip().equals("error");
    }
  }

  @Override
  protected void oneAnswer(byte[] bytes) {
    try {
      reader.read(bytes, 0, bytes.length);
    } catch (IOException broken) {
      broken();
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

  private void comment(String text) {
    alive();
    var match = KEEPALIVE.matcher(text);
    if (match.lookingAt() && !match.group(2).matches("0+")) {
      prefilled(Double.parseDouble(match.group(1)) / Double.parseDouble(match.group(2)));
    }
  }

  private void data(byte[] bytes, int from, int to) {
    if (startsWith(bytes, from, to, DONE)) {
      endOfStream();
      return;
    }
    var known = named ? null : template.match(bytes, from, to);
    if (known != null) {
      text(template.kind(), known);
      return;
    }
    try {
      reader.read(bytes, from, to);
    } catch (IOException broken) {
      broken();
      return;
    }
    var error = error(bytes, from, to);
    if (error != null) {
      fail(error);
      return;
    }
    if (reader.progress() >= 0) {
      prefilled(reader.progress());
    }
    take();
    learn(bytes, from, to);
  }

  /** The error that an event is, under its own key or by the event's name. */
  private @Nullable AttemptFailure error(byte[] bytes, int from, int to) {
    var under = reader.error();
    if (under != null) {
      return RuntimeErrors.fromEvent(under);
    }
    return reader.isError() || named
        ? RuntimeErrors.fromEvent(Arrays.copyOfRange(bytes, from, to))
        : null;
  }

  private void text(TokenChunk.Kind kind, String text) {
    if (kind == TokenChunk.Kind.REASONING) {
      assembler().reasoning(text);
    } else {
      assembler().content(text, null);
    }
    taken();
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
    var to = assembler();
    to.reasoning(reader.reasoning());
    to.content(reader.content(), reader.logprobs());
    reader.toolCalls().forEach(to::toolCall);
    to.finish(reader.finish());
    to.usage(reader.usage());
    taken();
  }

  private static int skipSpace(byte[] bytes, int from, int to) {
    return from < to && bytes[from] == ' ' ? from + 1 : from;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    return to - from >= prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }
}
