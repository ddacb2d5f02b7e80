package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerLimits;
import org.brokecluster.node.runtime.answer.AnswerStream;
import org.brokecluster.node.runtime.answer.RuntimeErrors;
import org.brokecluster.node.runtime.answer.SplitCharacters;
import org.brokecluster.node.runtime.answer.ToolDelta;
import org.brokecluster.protocol.model.Usage;
import org.jspecify.annotations.Nullable;

/** An answer of Ollama: a JSON object on each line, the last one with the counts. */
final class LineStream extends AnswerStream {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final int estimatedPrompt;

  /**
   * A stream about to begin.
   *
   * @param estimatedPrompt tokens of the prompt, for versions that do not tell when they had read
   *     it before
   */
  LineStream(AnswerLimits limits, AnswerAssembler assembler, int estimatedPrompt) {
    super(limits, assembler);
    this.estimatedPrompt = estimatedPrompt;
  }

  /** An answer in one piece is a single line. */
  @Override
  protected boolean isOneAnswer(String contentType) {
    return false;
  }

  @Override
  protected void oneAnswer(byte[] bytes) {
    line(bytes, 0, bytes.length);
  }

  @Override
  protected void line(byte[] bytes, int from, int to) {
    var event = parse(bytes, from, to);
    if (event == null || !event.isObject()) {
      broken();
      return;
    }
    var error = event.get("error");
    if (error != null && !error.isNull()) {
      fail(RuntimeErrors.fromEvent(error));
      return;
    }
    take(event);
    if (event.path("done").asBoolean(false)) {
      endOfStream();
    }
  }

  private static @Nullable JsonNode parse(byte[] bytes, int from, int to) {
    try {
      return MAPPER.readTree(bytes, from, to - from);
    } catch (JsonProcessingException notValid) {
      return parseCut(SplitCharacters.decode(bytes, from, to));
    } catch (IOException unreadable) {
      return null;
    }
  }

  /** A line that is not valid UTF-8 may hold a part of a character. */
  private static @Nullable JsonNode parseCut(String text) {
    if (text.chars().noneMatch(sign -> Character.isSurrogate((char) sign))) {
      return null;
    }
    try {
      return MAPPER.readTree(text);
    } catch (IOException broken) {
      return null;
    }
  }

  private void take(JsonNode event) {
    var to = assembler();
    var message = event.path("message");
    to.reasoning(message.path("thinking").asText(event.path("thinking").asText("")));
    var text = message.path("content").asText(event.path("response").asText(""));
    to.content(text, logprobs(event.path("logprobs")));
    for (var call : message.path("tool_calls")) {
      to.toolCall(call(call));
    }
    if (event.path("done").asBoolean(false)) {
      to.usage(counts(event));
      var reason = event.path("done_reason").asText("");
      to.finish(reason.isEmpty() ? "stop" : reason);
    }
    taken();
  }

  /** Calls come whole, and several may have the same number. */
  private static ToolDelta call(JsonNode call) {
    var function = call.path("function");
    var arguments = function.path("arguments");
    return new ToolDelta(
        -1,
        call.path("id").asText(null),
        function.path("name").asText(null),
        arguments.isContainerNode() ? arguments.toString() : arguments.asText(""));
  }

  /** OpenAI has the list of a chunk's tokens in an object. */
  private static @Nullable String logprobs(JsonNode list) {
    return list.isArray() && !list.isEmpty()
        ? JsonNodeFactory.instance.objectNode().set("content", list).toString()
        : null;
  }

  private Usage counts(JsonNode event) {
    int made = event.path("eval_count").asInt(0);
    var read = event.get("prompt_eval_count");
    return read == null ? Usage.estimate(estimatedPrompt, made) : new Usage(read.asInt(0), made, 0);
  }
}
