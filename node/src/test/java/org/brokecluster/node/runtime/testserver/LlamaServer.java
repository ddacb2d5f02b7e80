package org.brokecluster.node.runtime.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.brokecluster.node.runtime.http.ScriptedServer.Request;
import org.brokecluster.node.runtime.http.ScriptedServer.Wire;

/**
 * llama-server as recorded (build b1-de3ff81): HTTP/1.1 in chunks, slots, properties, progress, and
 * errors that close the connection.
 */
public final class LlamaServer extends TestServer {
  /** What its list of models calls its one model. */
  public static final String MODEL = "/models/tiny-think-Q4_K_M.gguf";

  private static final int SLOTS = 2;
  private static final int CONTEXT = 8192;
  private static final int BATCH = 512;

  private final int context;
  private volatile boolean loading;
  private volatile boolean renders = true;

  /** A server on a port, 0 for a free one. */
  public LlamaServer(int port) throws IOException {
    this(port, SLOTS, CONTEXT);
  }

  /** A server with so many slots and so long a context for each. */
  public LlamaServer(int port, int slots, int context) throws IOException {
    super(port, slots);
    this.context = context;
    this.slots = slots;
  }

  private final int slots;

  /** Whether it is still loading its model. */
  public void loading(boolean now) {
    loading = now;
  }

  /** Whether it knows {@code /apply-template}, as builds since 2025 do. */
  public void renders(boolean now) {
    renders = now;
  }

  @Override
  protected boolean serve(Request request, Wire wire) throws IOException {
    var words = request.line().split(" ", -1);
    if (loading) {
      // As documented: 503 everywhere, /health included.
      return error(wire, 503, "Loading model", "unavailable_error");
    }
    return words[0].equals("GET") ? get(words[1], wire) : post(words[1], request, wire);
  }

  private boolean get(String path, Wire wire) throws IOException {
    return switch (path) {
      // Recording llama-01-admin-endpoints.
      case "/health", "/v1/health" -> json(wire, MAPPER.createObjectNode().put("status", "ok"));
      case "/v1/models", "/models" -> json(wire, models());
      case "/props" -> json(wire, props());
      case "/slots" -> json(wire, MAPPER.createArrayNode());
      // Recordings llama-10-404, llama-10-get-on-chat and llama-10-model-by-id.
      default -> error(wire, 404, "File Not Found", "not_found_error");
    };
  }

  /** Recording llama-01-models. */
  private JsonNode models() {
    var root = MAPPER.createObjectNode().put("object", "list");
    root.putArray("models").addObject().put("name", MODEL);
    var model = root.putArray("data").addObject();
    model.put("id", MODEL).put("object", "model").put("created", 1795233630);
    model.put("owned_by", "llamacpp");
    var meta = model.putObject("meta");
    meta.put("n_ctx", context).put("n_ctx_train", 32768).put("n_params", 19530048L);
    meta.put("size", 39060736L).put("ftype", "Q4_K - Medium");
    return root;
  }

  /** Recording llama-01-admin-endpoints. */
  private JsonNode props() {
    var root = MAPPER.createObjectNode();
    root.putObject("default_generation_settings").put("n_ctx", context);
    root.put("total_slots", slots).put("model_path", MODEL);
    if (renders) {
      root.put("chat_template", ChatMl.TEMPLATE);
    }
    root.putObject("modalities").put("vision", false).put("audio", false);
    return root.put("is_sleeping", false);
  }

  private boolean post(String path, Request request, Wire wire) throws IOException {
    if (path.equals("/apply-template") && renders) {
      // As documented: it reads a chat request and answers with its text.
      return json(
          wire, MAPPER.createObjectNode().put("prompt", ChatMl.render(parse(request.body()))));
    }
    boolean chat = path.endsWith("/chat/completions");
    if (!chat && !path.equals("/v1/completions")) {
      return error(wire, 404, "File Not Found", "not_found_error");
    }
    var body = parse(request.body());
    if (body == null || body.isMissingNode()) {
      // Recordings llama-07-malformed-json and llama-07-empty-body.
      return error(wire, 500, "[json.exception.parse_error.101] parse error", "server_error");
    }
    if (chat && !body.path("messages").isArray()) {
      // Recordings llama-07-no-messages, llama-07-array-body and llama-07-messages-string.
      return error(wire, 400, "'messages' is required", "invalid_request_error");
    }
    var temperature = body.path("temperature");
    if (!temperature.isMissingNode() && !temperature.isNull() && !temperature.isNumber()) {
      // Recording llama-07-bad-temperature.
      return error(wire, 400, "Field 'temperature': type must be number", "invalid_request_error");
    }
    return answer(body, chat, wire);
  }

  private boolean answer(JsonNode body, boolean chat, Wire wire) throws IOException {
    for (var message : body.path("messages")) {
      for (var part : message.path("content")) {
        if (part.path("type").asText().equals("image_url")) {
          // Recording llama-08-image-part.
          return error(wire, 500, "image input is not supported - hint: mmproj", "server_error");
        }
      }
    }
    int limit = body.path("max_tokens").asInt(Integer.MAX_VALUE);
    var stops = PlayedAnswer.stopsOf(body.path("stop"));
    var text = PlayedAnswer.textOf(body);
    var answer =
        chat
            ? PlayedAnswer.to(
                text, ChatMl.render(body), !body.path("tools").isEmpty(), limit, stops)
            : PlayedAnswer.behind(text, limit, stops);
    if (answer.promptTokens() > context) {
      // Recording llama-12-long-prompt.
      return error(
          wire,
          400,
          "request (%d tokens) exceeds the available context size (%d tokens), try increasing it"
              .formatted(answer.promptTokens(), context),
          "exceed_context_size_error");
    }
    return generate(answer, new LlamaVoice(body, chat, wire), wire);
  }

  private static boolean json(Wire wire, JsonNode body) throws IOException {
    var text = body.toString().replace("'", "\\u0027"); // the wire takes them for double quotes
    return wire.json(200, text, "Server: llama.cpp", "Keep-Alive: timeout=5, max=100");
  }

  private static boolean error(Wire wire, int status, String message, String type)
      throws IOException {
    var body = MAPPER.createObjectNode();
    body.putObject("error").put("code", status).put("message", message).put("type", type);
    wire.raw(
        "HTTP/1.1 " + status + " X\r\nServer: llama.cpp\r\nContent-Type: application/json\r\n");
    var text = body.toString();
    wire.raw("Content-Length: " + text.length() + "\r\nConnection: close\r\n\r\n" + text);
    return false;
  }

  /** Its stream: recordings llama-03-stream, llama-04-stream-usage and llama-05-stream-tools. */
  private static final class LlamaVoice implements Voice {
    private final JsonNode body;
    private final boolean chat;
    private final Wire wire;

    LlamaVoice(JsonNode body, boolean chat, Wire wire) {
      this.body = body;
      this.chat = chat;
      this.wire = wire;
    }

    @Override
    public void head() throws IOException {
      wire.raw("HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nX-Accel-Buffering: no\r\n");
      wire.raw("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n");
      wire.raw("Keep-Alive: timeout=5, max=100\r\n\r\n");
    }

    @Override
    public void begin(PlayedAnswer answer) throws IOException {
      wire.chunk(":\n\n");
      if (body.path("return_progress").asBoolean(false)) {
        int total = answer.promptTokens();
        for (int read = BATCH; read < total; read += BATCH) {
          progress(read, total);
        }
        progress(total, total);
      }
      if (chat) {
        delta(MAPPER.createObjectNode().put("role", "assistant").putNull("content"));
      }
    }

    private void progress(int read, int total) throws IOException {
      var chunk = chunk();
      chunk.putArray("choices");
      chunk.putObject("prompt_progress").put("total", total).put("processed", read).put("cache", 0);
      event(chunk);
    }

    @Override
    public void reasoning(String text) throws IOException {
      delta(MAPPER.createObjectNode().put("reasoning_content", text));
    }

    @Override
    public void content(String text) throws IOException {
      if (chat) {
        delta(MAPPER.createObjectNode().put("content", text));
        return;
      }
      // Recording llama-09-completions-stream.
      var chunk = chunk();
      var choice = chunk.putArray("choices").addObject();
      choice.put("text", text).put("index", 0).putNull("logprobs").putNull("finish_reason");
      event(chunk);
    }

    @Override
    public void contentBytes(byte[] text) throws IOException {
      wire.chunk(
          "data: {\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":\"");
      wire.chunk(text);
      wire.chunk("\"}}],\"object\":\"chat.completion.chunk\"}\n\n");
    }

    /** The call comes in pieces, recording llama-05-stream-tools. */
    @Override
    public void call() throws IOException {
      var first = MAPPER.createObjectNode();
      var call = first.putArray("tool_calls").addObject().put("index", 0);
      call.put("id", "dam7XmAaDOcJjB9voI8hd3tuVyWaugjt").put("type", "function");
      call.putObject("function").put("name", PlayedAnswer.FUNCTION).put("arguments", "{");
      delta(first);
      for (var piece : new String[] {"\"", "city", "\": \"", "Paris", "\"}"}) {
        var more = MAPPER.createObjectNode();
        more.putArray("tool_calls")
            .addObject()
            .put("index", 0)
            .putObject("function")
            .put("arguments", piece);
        delta(more);
      }
    }

    @Override
    public void finish(PlayedAnswer answer) throws IOException {
      var chunk = chunk();
      var choice = chunk.putArray("choices").addObject();
      choice.put("finish_reason", answer.finish()).put("index", 0);
      if (chat) {
        choice.putObject("delta");
      } else {
        choice.put("text", "");
      }
      event(chunk);
    }

    @Override
    public void end(PlayedAnswer answer) throws IOException {
      if (!body.path("stream_options").path("include_usage").asBoolean(false)) {
        return;
      }
      var chunk = chunk();
      chunk.putArray("choices");
      var usage = chunk.putObject("usage").put("completion_tokens", answer.tokens());
      usage.put("prompt_tokens", answer.promptTokens());
      usage.put("total_tokens", answer.promptTokens() + answer.tokens());
      usage.putObject("prompt_tokens_details").put("cached_tokens", 3);
      chunk.putObject("timings").put("cache_n", 3).put("predicted_per_second", 704.3);
      event(chunk);
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
      delta(MAPPER.createObjectNode().put("content", ""));
    }

    @Override
    public void unended(String text) throws IOException {
      wire.chunk(text);
    }

    @Override
    public boolean error() throws IOException {
      var error = MAPPER.createObjectNode();
      error.putObject("error").put("code", 500).put("message", "decode failed");
      event(error);
      return true;
    }

    @Override
    public boolean refuse(int status) throws IOException {
      return LlamaServer.error(wire, status, "trouble", "server_error");
    }

    private void delta(ObjectNode delta) throws IOException {
      var chunk = chunk();
      var choice = chunk.putArray("choices").addObject();
      choice.putNull("finish_reason").put("index", 0).set("delta", delta);
      event(chunk);
    }

    private static ObjectNode chunk() {
      return MAPPER
          .createObjectNode()
          .put("created", 1795233630)
          .put("id", "chatcmpl-ciVG7HTirLdSDvnGykeFuEkc0vfo2eqq")
          .put("model", MODEL)
          .put("object", "chat.completion.chunk");
    }

    private void event(JsonNode json) throws IOException {
      wire.chunk("data: " + json + "\n\n");
    }
  }
}
