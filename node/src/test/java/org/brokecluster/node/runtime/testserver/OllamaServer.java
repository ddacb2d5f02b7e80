package org.brokecluster.node.runtime.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.node.runtime.http.ScriptedServer.Request;
import org.brokecluster.node.runtime.http.ScriptedServer.Wire;

/**
 * Ollama after its API's documentation and source (version 0.13): lines of JSON, lists of what is
 * on disk and in memory, loading by a request without a prompt. There is no recording of it.
 */
public final class OllamaServer extends TestServer {
  /** A model that is loaded from the beginning. */
  public static final String LOADED = "qwen3:4b";

  /** A model on disk that cannot use tools. */
  public static final String ON_DISK = "gemma3:12b";

  /** A model for embeddings. */
  public static final String EMBEDS = "nomic-embed-text:latest";

  /** A model that runs elsewhere. */
  public static final String REMOTE = "gpt-oss:120b-cloud";

  private static final int MODEL_CONTEXT = 40_960;
  private static final int DEFAULT_CONTEXT = 4096;

  private final Map<String, Integer> loaded = new ConcurrentHashMap<>(Map.of(LOADED, 4096));
  private final AtomicInteger loads = new AtomicInteger();
  private final int modelContext;

  /** A server on a port, 0 for a free one. */
  public OllamaServer(int port) throws IOException {
    this(port, 1, MODEL_CONTEXT);
  }

  /** A server with so many answers at once, and models of so long a context. */
  public OllamaServer(int port, int parallel, int modelContext) throws IOException {
    super(port, parallel);
    this.modelContext = modelContext;
  }

  /** Contexts of the models in memory. */
  public Map<String, Integer> loaded() {
    return Map.copyOf(loaded);
  }

  /** How often a model was brought into memory, again with another context included. */
  public int loads() {
    return loads.get();
  }

  @Override
  protected boolean serve(Request request, Wire wire) throws IOException {
    var words = request.line().split(" ", -1);
    var body = request.body().isEmpty() ? MAPPER.createObjectNode() : parse(request.body());
    if (body == null) {
      return error(wire, 400, "invalid character in request");
    }
    return switch (words[1]) {
      case "/" -> wire.json(200, "Ollama is running");
      case "/api/version" -> wire.json(200, "{'version':'0.13.5'}");
      case "/api/tags" -> wire.json(200, tags().toString());
      case "/api/ps" -> wire.json(200, running().toString());
      case "/api/show" -> show(body, wire);
      case "/api/generate" -> generateText(body, wire);
      case "/api/chat" -> chat(body, wire);
      default -> plain(wire);
    };
  }

  private static boolean plain(Wire wire) throws IOException {
    wire.raw("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 18\r\n\r\n");
    wire.raw("404 page not found");
    return true;
  }

  private static JsonNode tags() {
    var root = MAPPER.createObjectNode();
    var models = root.putArray("models");
    for (var name : new String[] {LOADED, ON_DISK, EMBEDS, REMOTE}) {
      var model = models.addObject().put("name", name).put("model", name);
      model.put("size", 2_600_000_000L).put("digest", "sha-" + name);
      model
          .putObject("details")
          .put("format", "gguf")
          .put("parameter_size", name.equals(ON_DISK) ? "12.2B" : "4.0B")
          .put("quantization_level", "Q4_K_M");
      if (name.equals(REMOTE)) {
        model.put("remote_host", "https://ollama.com:443");
      }
    }
    return root;
  }

  private JsonNode running() {
    var root = MAPPER.createObjectNode();
    var models = root.putArray("models");
    loaded.forEach(
        (name, context) ->
            models
                .addObject()
                .put("name", name)
                .put("model", name)
                .put("size_vram", 3_000_000_000L)
                .put("context_length", context));
    return root;
  }

  private boolean show(JsonNode body, Wire wire) throws IOException {
    var name = body.path("model").asText();
    if (!knows(name)) {
      return missing(wire, name);
    }
    var root = MAPPER.createObjectNode();
    var info = root.putObject("model_info").put("general.architecture", "qwen3");
    info.put("general.parameter_count", 4_022_468_096L).put("qwen3.context_length", modelContext);
    var capabilities = root.putArray("capabilities");
    if (name.equals(EMBEDS)) {
      capabilities.add("embedding");
    } else {
      capabilities.add("completion");
    }
    if (name.equals(LOADED)) {
      capabilities.add("tools").add("thinking");
    }
    if (name.equals(ON_DISK)) {
      capabilities.add("vision");
    }
    return wire.json(200, root.toString());
  }

  private static boolean knows(String name) {
    return name.equals(LOADED) || name.equals(ON_DISK) || name.equals(EMBEDS);
  }

  private boolean generateText(JsonNode body, Wire wire) throws IOException {
    var name = body.path("model").asText();
    if (!knows(name)) {
      return missing(wire, name);
    }
    if (body.path("prompt").asText("").isEmpty()) {
      boolean unload = body.path("keep_alive").asInt(1) == 0;
      if (unload) {
        loaded.remove(name);
      } else {
        load(name, body);
      }
      var root = MAPPER.createObjectNode().put("model", name).put("response", "");
      root.put("done", true).put("done_reason", unload ? "unload" : "load");
      return wire.json(200, root.toString());
    }
    return answer(body, false, name, wire);
  }

  private boolean chat(JsonNode body, Wire wire) throws IOException {
    var name = body.path("model").asText();
    if (!knows(name)) {
      return missing(wire, name);
    }
    if (!body.path("tools").isEmpty() && !name.equals(LOADED)) {
      return error(wire, 400, "registry.ollama.ai/library/" + name + " does not support tools");
    }
    for (var message : body.path("messages")) {
      if (!message.path("content").isTextual()) {
        return error(wire, 400, "json: cannot unmarshal into Go struct field");
      }
    }
    return answer(body, true, name, wire);
  }

  private boolean answer(JsonNode body, boolean chat, String name, Wire wire) throws IOException {
    var options = body.path("options");
    int context = options.path("num_ctx").asInt(DEFAULT_CONTEXT);
    var answer =
        PlayedAnswer.to(
            PlayedAnswer.textOf(body),
            !body.path("tools").isEmpty(),
            options.path("num_predict").asInt(Integer.MAX_VALUE),
            PlayedAnswer.stopsOf(options.path("stop")));
    if (answer.promptTokens() > context && !body.path("truncate").asBoolean(true)) {
      return error(wire, 400, "the input length exceeds the context length");
    }
    load(name, body);
    return generate(answer, new OllamaVoice(chat, name, wire), wire);
  }

  private void load(String name, JsonNode body) {
    int context = body.path("options").path("num_ctx").asInt(DEFAULT_CONTEXT);
    var before = loaded.put(name, context);
    if (before == null || before != context) {
      loads.incrementAndGet();
    }
  }

  private static boolean missing(Wire wire, String name) throws IOException {
    return error(wire, 404, "model \"" + name + "\" not found, try pulling it first");
  }

  private static boolean error(Wire wire, int status, String message) throws IOException {
    return wire.json(status, MAPPER.createObjectNode().put("error", message).toString());
  }

  /** Its stream: a JSON object on each line. */
  private static final class OllamaVoice implements Voice {
    private final boolean chat;
    private final String name;
    private final Wire wire;

    OllamaVoice(boolean chat, String name, Wire wire) {
      this.chat = chat;
      this.name = name;
      this.wire = wire;
    }

    @Override
    public void head() throws IOException {
      wire.chunkedHead(200, "application/x-ndjson");
    }

    /** It says nothing before the first token. */
    @Override
    public void begin(PlayedAnswer answer) {}

    @Override
    public void reasoning(String text) throws IOException {
      message(MAPPER.createObjectNode().put("content", "").put("thinking", text));
    }

    @Override
    public void content(String text) throws IOException {
      if (chat) {
        message(MAPPER.createObjectNode().put("content", text));
      } else {
        line(object(false).put("response", text));
      }
    }

    @Override
    public void contentBytes(byte[] text) throws IOException {
      wire.chunk("{\"model\":\"" + name + "\",\"message\":{\"role\":\"assistant\",\"content\":\"");
      wire.chunk(text);
      wire.chunk("\"},\"done\":false}\n");
    }

    @Override
    public void call() throws IOException {
      var message = MAPPER.createObjectNode().put("content", "");
      var function = message.putArray("tool_calls").addObject().putObject("function");
      function.put("index", 0).put("name", PlayedAnswer.FUNCTION);
      function.set("arguments", MAPPER.readTree(PlayedAnswer.ARGUMENTS));
      message(message);
    }

    /** The finish reason comes with the counts, and behind a call it is stop. */
    @Override
    public void finish(PlayedAnswer answer) throws IOException {
      var last = object(true).put("done_reason", answer.call() ? "stop" : answer.finish());
      last.put("total_duration", 5_191_566_416L).put("load_duration", 2_154_458L);
      last.put("prompt_eval_count", answer.promptTokens()).put("eval_count", answer.tokens());
      if (chat) {
        last.putObject("message").put("role", "assistant").put("content", "");
      }
      line(last);
    }

    @Override
    public void end(PlayedAnswer answer) {}

    @Override
    public boolean close() throws IOException {
      wire.lastChunk();
      return true;
    }

    @Override
    public void broken() throws IOException {
      wire.chunk("{\"model\":\"" + name + "\",\"message\":{\"content\":\"x\n");
    }

    @Override
    public void nothing() throws IOException {
      message(MAPPER.createObjectNode().put("content", ""));
    }

    @Override
    public void unended(String text) throws IOException {
      wire.chunk(text);
    }

    @Override
    public boolean error() throws IOException {
      line(MAPPER.createObjectNode().put("error", "llama runner process has terminated"));
      return true;
    }

    @Override
    public boolean refuse(int status) throws IOException {
      return OllamaServer.error(
          wire,
          status,
          status == 503
              ? "server busy, please try again.  maximum pending requests exceeded"
              : "trouble");
    }

    private void message(ObjectNode message) throws IOException {
      line(object(false).set("message", message.put("role", "assistant")));
    }

    private ObjectNode object(boolean done) {
      return MAPPER
          .createObjectNode()
          .put("model", name)
          .put("created_at", "2026-11-21T04:00:40.123456Z")
          .put("done", done);
    }

    private void line(JsonNode json) throws IOException {
      wire.chunk(json + "\n");
    }
  }
}
