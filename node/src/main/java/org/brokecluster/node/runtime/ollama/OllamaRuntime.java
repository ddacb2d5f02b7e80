package org.brokecluster.node.runtime.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.ResumeBody;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.answer.AnswerAssembler;
import org.brokecluster.node.runtime.answer.AnswerCollector.Answer;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.node.runtime.answer.HttpGeneration;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.node.runtime.answer.RuntimeErrors;
import org.brokecluster.node.runtime.answer.RuntimeKeys;
import org.brokecluster.node.runtime.answer.ServerCalls;
import org.brokecluster.node.runtime.http.HttpClient;
import org.brokecluster.node.runtime.openai.OpenAiSettings;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.shared.hardware.Chip;

/**
 * An attached Ollama. Loads and unloads its models when it is told to; Ollama itself decides what
 * else to evict. Never fetches a model, and never uses one that runs elsewhere.
 */
public final class OllamaRuntime implements ModelRuntime {
  private static final int CONNECTIONS_SPARE = 64;
  private static final int LARGE_BODY = 128 * 1024;
  private static final int BYTES_PER_TOKEN = 4;
  private static final int OK = 200;
  private static final Duration UNLOAD_PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final OllamaSettings settings;
  private final OpenAiSettings shared;
  private final HttpClient client;
  private final ServerCalls calls;
  private final OllamaScan scan;
  private final Set<HttpGeneration> open = ConcurrentHashMap.newKeySet();
  private final Set<ModelId> pinned = ConcurrentHashMap.newKeySet();
  private volatile Map<ModelId, OllamaModel> models = Map.of();
  private volatile boolean closed;

  /**
   * Attaches a server; does not talk to it yet.
   *
   * @param shared what all attached servers have in common
   * @param environment where the API key is looked up
   * @throws IllegalArgumentException if the key's variable is not set
   */
  public OllamaRuntime(
      RuntimeSpec spec,
      OllamaSettings settings,
      OpenAiSettings shared,
      Chip chip,
      Map<String, String> environment) {
    this.settings = settings;
    this.shared = shared;
    client =
        HttpClient.of(
            spec.base(),
            shared.connectTimeout(),
            Math.max(shared.maxConnections(), spec.slots().orElse(0) + CONNECTIONS_SPARE),
            "broke-ollama-" + COUNT.incrementAndGet());
    calls =
        new ServerCalls(
            client,
            spec.base(),
            RuntimeKeys.headers(spec.keyEnv(), environment),
            shared.maxAnswerBytes());
    scan = new OllamaScan(calls, new OllamaModels(spec, settings, chip), shared.modelsTimeout());
  }

  @Override
  public String name() {
    return RuntimeSpec.OLLAMA;
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    return scan.scan()
        .thenApply(
            found -> {
              var byId = new LinkedHashMap<ModelId, OllamaModel>();
              found.forEach(model -> byId.putIfAbsent(model.model().facts().id(), model));
              models = Map.copyOf(byId);
              return byId.values().stream().map(OllamaModel::model).toList();
            });
  }

  @Override
  public CompletionStage<Void> load(ModelId model, DoubleConsumer progress) {
    var known = models.get(model);
    if (known == null) {
      return CompletableFuture.failedFuture(
          new LoadException("ollama does not list this model: model=" + model));
    }
    var plan = OllamaPlan.of(known, settings, pinned.contains(model));
    var request = residency(known.name(), plan.keepAliveSeconds());
    request
        .putObject("options")
        .put("num_ctx", plan.context().tokens(0, 0, 0, plan.loadedContext()));
    return calls
        .post("/api/generate", bytes(request), shared.loadTimeout())
        .thenAccept(
            answer -> {
              loaded(model, answer);
              progress.accept(1);
            });
  }

  private static void loaded(ModelId model, Answer answer) {
    if (answer.head().status() != OK) {
      var failure = RuntimeErrors.fromStatus(answer.head(), answer.body(), Instant.now());
      throw new LoadException("model=%s: %s".formatted(model, failure.message()));
    }
    var said = OllamaScan.json(answer);
    if (said.hasNonNull("error") || !said.path("done").asBoolean(false)) {
      throw new LoadException(
          "model=%s: ollama answered: %s".formatted(model, said.path("error").asText("nothing")));
    }
  }

  @Override
  public CompletionStage<Void> unload(ModelId model) {
    var known = models.get(model);
    if (known == null) {
      return CompletableFuture.completedFuture(null);
    }
    return calls
        .post("/api/generate", bytes(residency(known.name(), 0)), UNLOAD_PATIENCE)
        .thenAccept(
            answer -> {
              int status = answer.head().status();
              if (status != OK) {
                throw new CompletionException(
                    new IOException("ollama answered %d to an unload".formatted(status)));
              }
            });
  }

  @Override
  public void pin(ModelId model, boolean pin) {
    var changed = pin ? pinned.add(model) : pinned.remove(model);
    var known = models.get(model);
    if (changed && known != null && known.loadedContext() > 0) {
      // Takes effect at once for a model that is loaded, else with its next request.
      load(model, share -> {});
    }
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var generation = new HttpGeneration(listener, client, shared.finishGrace(), open::remove);
    if (closed) {
      listener.onFailure(AttemptFailure.nodeStopping());
      return generation;
    }
    open.add(generation);
    if (prompt.body().length > LARGE_BODY) {
      var unused = CompletableFuture.runAsync(() -> send(prompt, generation));
    } else {
      send(prompt, generation);
    }
    return generation;
  }

  @Override
  public CompletionStage<Void> close() {
    closed = true;
    open.forEach(generation -> generation.refuse(AttemptFailure.nodeStopping()));
    client.close();
    return CompletableFuture.completedFuture(null);
  }

  private void send(Prompt prompt, HttpGeneration generation) {
    try {
      var known = models.get(prompt.model());
      if (known == null) {
        throw RequestRefusal.gone(prompt.model());
      }
      var plan = OllamaPlan.of(known, settings, pinned.contains(prompt.model()));
      var body = ResumeBody.asked(prompt);
      var request = OllamaRequest.of(body, prompt.api(), plan);
      int bytes = body.length;
      var rules =
          new AnswerRules(
              "call_" + prompt.attempt().request().value() + "_",
              bytes,
              false,
              request.oneToolCall(),
              request.tokenLimit());
      var stream =
          new LineStream(
              shared.limits(), new AnswerAssembler(rules), Math.max(1, bytes / BYTES_PER_TOKEN));
      generation.send(calls.request(request.path(), request.json()), stream);
    } catch (RequestRefusal refusal) {
      generation.refuse(refusal.failure());
    } catch (IOException e) {
      generation.refuse(RequestRefusal.malformed(String.valueOf(e.getMessage())).failure());
    }
  }

  private static ObjectNode residency(String name, long keepAliveSeconds) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("model", name)
        .put("stream", false)
        .put("keep_alive", keepAliveSeconds);
  }

  private static byte[] bytes(JsonNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
