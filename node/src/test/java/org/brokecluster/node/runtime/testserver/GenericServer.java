package org.brokecluster.node.runtime.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.brokecluster.node.runtime.http.ScriptedServer.Request;
import org.brokecluster.node.runtime.http.ScriptedServer.Wire;

/**
 * A server with OpenAI's API that nobody knows, with habits of vLLM's kind: a role chunk with empty
 * content, text and finish reason in one chunk, counts on a chunk of their own, thinking left in
 * the text.
 */
public final class GenericServer extends TestServer {
  /** Its one model. */
  public static final String MODEL = "Qwen3-4B-4bit";

  private static final int SLOTS = 64;

  /** A server on a port, 0 for a free one. */
  public GenericServer(int port) throws IOException {
    super(port, SLOTS);
  }

  @Override
  protected boolean serve(Request request, Wire wire) throws IOException {
    var words = request.line().split(" ", -1);
    if (words[1].equals("/v1/models")) {
      var root = MAPPER.createObjectNode().put("object", "list");
      root.putArray("data").addObject().put("id", MODEL).put("owned_by", "me");
      return wire.json(200, root.toString());
    }
    boolean chat = words[1].equals("/v1/chat/completions");
    if (!chat && !words[1].equals("/v1/completions")) {
      return wire.json(404, "{'detail':'Not Found'}");
    }
    var body = parse(request.body());
    if (body == null || !body.isObject()) {
      return wire.json(422, "{'detail':[{'msg':'JSON decode error'}]}");
    }
    var answer =
        PlayedAnswer.to(
            PlayedAnswer.textOf(body),
            !body.path("tools").isEmpty(),
            body.path("max_tokens").asInt(Integer.MAX_VALUE),
            PlayedAnswer.stopsOf(body.path("stop")));
    return generate(answer, new GenericVoice(chat, wire), wire);
  }

  private static final class GenericVoice implements Voice {
    private final boolean chat;
    private final Wire wire;
    private boolean thinking;

    GenericVoice(boolean chat, Wire wire) {
      this.chat = chat;
      this.wire = wire;
    }

    @Override
    public void head() throws IOException {
      wire.chunkedHead(200, "text/event-stream; charset=utf-8");
    }

    @Override
    public void begin(PlayedAnswer answer) throws IOException {
      if (chat) {
        delta(MAPPER.createObjectNode().put("role", "assistant").put("content", ""), null);
      }
    }

    /** Left in the text, as by a server that was started without a parser for it. */
    @Override
    public void reasoning(String text) throws IOException {
      say((thinking ? "" : "<think>") + text, null);
      thinking = true;
    }

    @Override
    public void content(String text) throws IOException {
      say((thinking ? "</think>\n\n" : "") + text, null);
      thinking = false;
    }

    private void say(String text, String finish) throws IOException {
      if (chat) {
        delta(MAPPER.createObjectNode().put("content", text), finish);
      } else {
        var root = MAPPER.createObjectNode();
        root.putArray("choices").addObject().put("text", text).put("finish_reason", finish);
        event(root);
      }
    }

    @Override
    public void contentBytes(byte[] text) throws IOException {
      wire.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"");
      wire.chunk(text);
      wire.chunk("\"}}]}\n\n");
    }

    @Override
    public void call() throws IOException {
      var delta = MAPPER.createObjectNode();
      delta
          .putArray("tool_calls")
          .addObject()
          .putObject("function")
          .put("name", PlayedAnswer.FUNCTION)
          .put("arguments", PlayedAnswer.ARGUMENTS);
      delta(delta, null);
    }

    @Override
    public void finish(PlayedAnswer answer) throws IOException {
      say("", answer.call() ? "stop" : answer.finish());
    }

    @Override
    public void end(PlayedAnswer answer) throws IOException {
      var root = MAPPER.createObjectNode();
      root.putArray("choices");
      root.putObject("usage")
          .put("prompt_tokens", answer.promptTokens())
          .put("completion_tokens", answer.tokens());
      event(root);
    }

    @Override
    public boolean close() throws IOException {
      wire.chunk("data: [DONE]\n\n").lastChunk();
      return true;
    }

    @Override
    public void broken() throws IOException {
      wire.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\n\n");
    }

    @Override
    public void nothing() throws IOException {
      delta(MAPPER.createObjectNode().put("content", ""), null);
    }

    @Override
    public void unended(String text) throws IOException {
      wire.chunk(text);
    }

    @Override
    public boolean error() throws IOException {
      var root = MAPPER.createObjectNode();
      root.putObject("error").put("message", "engine died").put("type", "InternalServerError");
      event(root);
      return true;
    }

    @Override
    public boolean refuse(int status) throws IOException {
      return wire.json(status, "{'error':{'message':'trouble','type':'server_error'}}");
    }

    private void delta(ObjectNode delta, String finish) throws IOException {
      var root = MAPPER.createObjectNode().put("object", "chat.completion.chunk");
      var choice = root.putArray("choices").addObject().put("index", 0);
      choice.putNull("logprobs").put("finish_reason", finish).set("delta", delta);
      event(root);
    }

    private void event(JsonNode json) throws IOException {
      wire.chunk("data: " + json + "\n\n");
    }
  }
}
