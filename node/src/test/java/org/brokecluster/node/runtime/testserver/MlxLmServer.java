package org.brokecluster.node.runtime.testserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.node.runtime.http.ScriptedServer.Request;
import org.brokecluster.node.runtime.http.ScriptedServer.Wire;

/**
 * mlx_lm.server as recorded (version 0.32.0): HTTP/1.0, a connection for each request, answers that
 * end with it, no admission, and a health that proves nothing.
 */
public final class MlxLmServer extends TestServer {
  /** What its list of models calls the model it was started with. */
  public static final String MODEL = "/models/Qwen3-4B-4bit";

  private static final int SLOTS = 32;
  private static final int DEFAULT_LIMIT = 512;
  private static final int PREFILL_STEP = 2048;

  /** Fields whose null or wrong type ends the connection without a byte. */
  private static final Map<String, Set<String>> STRICT =
      Map.of(
          "number", Set.of("temperature", "top_p", "min_p", "repetition_penalty"),
          "integer", Set.of("max_tokens", "top_k"),
          "boolean", Set.of("stream", "logprobs"),
          "float", Set.of("xtc_probability", "xtc_threshold"),
          "string", Set.of("model"));

  private final Set<String> cachedTexts = ConcurrentHashMap.newKeySet();
  private final AtomicInteger switches = new AtomicInteger();
  private volatile boolean threadDead;

  /** A server on a port, 0 for a free one. */
  public MlxLmServer(int port) throws IOException {
    super(port, SLOTS);
  }

  /** How often a request named another model than the one that is loaded. */
  public int switches() {
    return switches.get();
  }

  /** Whether its only working thread has died: everything hangs but {@code /health}. */
  public boolean threadDead() {
    return threadDead;
  }

  @Override
  protected boolean serve(Request request, Wire wire) throws IOException {
    var words = request.line().split(" ", -1);
    return switch (words[0]) {
      case "GET" -> get(words[1], wire);
      case "POST" -> post(words[1], request, wire);
      // Recordings mlx-10-head and mlx-10-delete.
      default -> plain(wire, 501, "text/html;charset=utf-8", "<!DOCTYPE HTML>\n<html></html>\n");
    };
  }

  private static boolean get(String path, Wire wire) throws IOException {
    if (path.equals("/health")) {
      // Recording mlx-01-health; says so in every state.
      return json(wire, 200, "{\"status\": \"ok\"}");
    }
    if (path.startsWith("/v1/models")) {
      // Recordings mlx-01-models, mlx-10-model-by-id and mlx-10-models-query.
      return json(
          wire,
          200,
          "{\"object\": \"list\", \"data\": [{\"id\": \""
              + MODEL
              + "\", \"object\": \"model\", \"created\": 1795233640}]}");
    }
    // Recordings mlx-10-404 and mlx-10-get-on-chat.
    return json(wire, 404, "Not Found");
  }

  private boolean post(String path, Request request, Wire wire) throws IOException {
    boolean chat = path.equals("/v1/chat/completions") || path.equals("/chat/completions");
    if (!chat && !path.equals("/v1/completions")) {
      // Recordings mlx-09-embeddings, mlx-09-messages and mlx-09-responses.
      return json(wire, 404, "Not Found");
    }
    if (!request.headers().containsKey("content-length")) {
      // Recording mlx-11-chunked-request-body.
      return json(wire, 411, "{\"error\": \"Content-Length header is required\"}");
    }
    var body = parse(request.body());
    if (body == null || body.isMissingNode()) {
      // Recordings mlx-07-malformed-json and mlx-07-empty-body.
      return json(wire, 400, "{\"error\": \"Invalid JSON in request body: Expecting value\"}");
    }
    if (!body.isObject()) {
      // Recording mlx-07-array-body.
      return json(wire, 400, "{\"error\": \"Request should be a JSON dictionary\"}");
    }
    return breaks(body, chat) ? false : answer(body, chat, wire);
  }

  /** Recordings mlx-07-null-everything, mlx-07-bad-temperature and mlx-07-no-messages. */
  private static boolean breaks(JsonNode body, boolean chat) {
    for (var type : STRICT.entrySet()) {
      for (var name : type.getValue()) {
        var value = body.get(name);
        if (value != null && !fits(type.getKey(), value)) {
          return true;
        }
      }
    }
    return !body.has(chat ? "messages" : "prompt");
  }

  private static boolean fits(String type, JsonNode value) {
    return switch (type) {
      case "number" -> value.isNumber() && value.doubleValue() >= 0;
      case "integer" -> value.isIntegralNumber() && value.longValue() >= 0;
      case "float" -> value.isDouble();
      case "boolean" -> value.isBoolean();
      default -> value.isTextual();
    };
  }

  private boolean answer(JsonNode body, boolean chat, Wire wire) throws IOException {
    var flaw = flaw(body, chat);
    if (flaw != null) {
      // Everything that fails before a stream begins is a 404, whatever it is.
      return json(wire, 404, "{\"error\": " + MAPPER.writeValueAsString(flaw) + "}");
    }
    var text = PlayedAnswer.textOf(body);
    var limit =
        body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(DEFAULT_LIMIT));
    var stops = PlayedAnswer.stopsOf(body.path("stop"));
    var rendered = chat ? ChatMl.render(body) : text;
    var answer =
        chat
            ? PlayedAnswer.to(text, rendered, !body.path("tools").isEmpty(), limit, stops)
            : PlayedAnswer.behind(text, limit, stops);
    if (cachedTexts.contains(rendered)) {
      threadDead = true;
    }
    if (threadDead) {
      return wire.untilGone();
    }
    boolean over = generate(answer, new MlxVoice(body, chat, wire), wire);
    var thoughts = ChatMl.block(String.join("", answer.reasoning()));
    cachedTexts.add(rendered + thoughts + String.join("", answer.content()));
    return over;
  }

  /** What goes wrong before the stream, or null. */
  private String flaw(JsonNode body, boolean chat) {
    var model = body.path("model").asText("default_model");
    if (!model.equals("default_model")) {
      switches.incrementAndGet();
      // Recording mlx-06-unknown-model.
      return "Cannot find an appropriate cached snapshot folder for the specified revision";
    }
    var messages = body.path("messages");
    if (chat && !messages.isArray()) {
      // Recording mlx-07-messages-string.
      return "'str' object has no attribute 'get'";
    }
    if (chat && messages.isEmpty()) {
      // Recording mlx-07-empty-messages.
      return "list object has no element 0";
    }
    for (var message : messages) {
      for (var part : message.path("content")) {
        if (!part.path("type").asText().equals("text")) {
          // Recording mlx-08-image-part.
          return "Only 'text' content type is supported.";
        }
      }
      for (var call : message.path("tool_calls")) {
        if (!(parse(call.path("function").path("arguments").asText()) instanceof ObjectNode)) {
          return "Expecting value: line 1 column 1 (char 0)";
        }
      }
    }
    return null;
  }

  private static boolean json(Wire wire, int status, String body) throws IOException {
    return plain(wire, status, "application/json", body);
  }

  private static boolean plain(Wire wire, int status, String type, String body) throws IOException {
    wire.closingHead(status, type).raw(body);
    return false;
  }

  /** Its stream: recordings mlx-03-stream, mlx-04-stream-usage and mlx-05-stream-tools. */
  private static final class MlxVoice implements Voice {
    private static final String HEAD =
        "{\"id\": \"chatcmpl-96e5150a\", \"system_fingerprint\": \"0.32.0-0.32.1-Linux\", "
            + "\"object\": \"%s\", \"model\": \"default_model\", \"created\": 1795233642, ";

    private final JsonNode body;
    private final boolean chat;
    private final Wire wire;

    MlxVoice(JsonNode body, boolean chat, Wire wire) {
      this.body = body;
      this.chat = chat;
      this.wire = wire;
    }

    @Override
    public void head() throws IOException {
      wire.closingHead(200, "text/event-stream");
    }

    /** A comment for each step of the prompt, recording mlx-12-long-prompt. */
    @Override
    public void begin(PlayedAnswer answer) throws IOException {
      int total = answer.promptTokens();
      for (int read = PREFILL_STEP; read < total; read += PREFILL_STEP) {
        wire.raw(": keepalive " + read + "/" + total + "\n\n");
      }
      wire.raw(": keepalive " + total + "/" + total + "\n\n");
    }

    @Override
    public void reasoning(String text) throws IOException {
      delta(", \"reasoning\": " + quoted(text));
    }

    @Override
    public void content(String text) throws IOException {
      if (chat) {
        delta(", \"content\": " + quoted(text));
      } else {
        event(
            "\"choices\": [{\"index\": 0, \"finish_reason\": null, \"text\": %s}]}", quoted(text));
      }
    }

    @Override
    public void contentBytes(byte[] text) throws IOException {
      wire.raw("data: " + HEAD.formatted("chat.completion.chunk"));
      wire.raw("\"choices\": [{\"index\": 0, \"finish_reason\": null, ");
      wire.raw("\"delta\": {\"role\": \"assistant\", \"content\": \"").raw(text);
      wire.raw("\"}}]}\n\n");
    }

    /** The call comes whole, with a bare uuid, recording mlx-05-stream-tools. */
    @Override
    public void call() throws IOException {
      delta(
          ", \"tool_calls\": [{\"function\": {\"name\": \""
              + PlayedAnswer.FUNCTION
              + "\", \"arguments\": "
              + quoted(PlayedAnswer.ARGUMENTS)
              + "}, \"type\": \"function\", \"id\": \"d8383d1e-f4c3-437f-b377-0b8fa09e7c34\","
              + " \"index\": 0}]");
    }

    @Override
    public void finish(PlayedAnswer answer) throws IOException {
      var said = chat ? "\"delta\": {\"role\": \"assistant\"}" : "\"text\": \"\"";
      event(
          "\"choices\": [{\"index\": 0, \"finish_reason\": \"%s\", " + said + "}]}",
          answer.finish());
    }

    /** The chunk with the counts says it is no chunk, recording mlx-04-stream-usage. */
    @Override
    public void end(PlayedAnswer answer) throws IOException {
      if (body.path("stream_options").path("include_usage").asBoolean(false)) {
        wire.raw("data: " + HEAD.formatted("chat.completion"));
        wire.raw(
            ("\"choices\": [], \"usage\": {\"prompt_tokens\": %d, \"completion_tokens\": %d,"
                    + " \"total_tokens\": %d, \"prompt_tokens_details\": {\"cached_tokens\": 3}}}\n\n")
                .formatted(
                    answer.promptTokens(),
                    answer.tokens(),
                    answer.promptTokens() + answer.tokens()));
      }
    }

    /** Recording mlx-04-stream-options-empty: without the one option it knows it breaks here. */
    @Override
    public boolean close() throws IOException {
      var options = body.path("stream_options");
      if (!options.isObject() || options.has("include_usage")) {
        wire.raw("data: [DONE]\n\n");
      }
      return false;
    }

    @Override
    public void broken() throws IOException {
      wire.raw("data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": \"x\n\n");
    }

    @Override
    public void nothing() throws IOException {
      delta(", \"content\": \"\"");
    }

    @Override
    public void unended(String text) throws IOException {
      wire.raw(text);
    }

    /** It has no way to tell: the connection closes. */
    @Override
    public boolean error() {
      return false;
    }

    @Override
    public boolean refuse(int status) throws IOException {
      return json(wire, status, "{\"error\": \"trouble\"}");
    }

    private void delta(String rest) throws IOException {
      event(
          "\"choices\": [{\"index\": 0, \"finish_reason\": null, \"delta\": {\"role\":"
              + " \"assistant\"%s}}]}",
          rest);
    }

    private void event(String form, String value) throws IOException {
      var object = chat ? "chat.completion.chunk" : "text_completion";
      wire.raw(
          ("data: " + HEAD.formatted(object) + form.formatted(value) + "\n\n").getBytes(UTF_8));
    }

    private static String quoted(String text) throws IOException {
      return MAPPER.writeValueAsString(text);
    }
  }
}
