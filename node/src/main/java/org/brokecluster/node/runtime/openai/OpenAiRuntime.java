package org.brokecluster.node.runtime.openai;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.resume.ResumeBody;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.http.HttpClient;
import org.brokecluster.node.runtime.http.HttpRequest;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.shared.hardware.Chip;
import org.jspecify.annotations.Nullable;

/**
 * An attached server that speaks OpenAI's HTTP API. It manages its models itself: {@link #load} and
 * {@link #unload} do nothing. Speaks HTTP/1.1 with known lengths, always streams, never retries.
 */
public final class OpenAiRuntime implements ModelRuntime {
  static final String NAME = "openai";

  private static final int CONNECTIONS_SPARE = 64;
  private static final int LARGE_BODY = 128 * 1024;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final RuntimeSpec spec;
  private final OpenAiSettings settings;
  private final ModelListReader listReader;
  private final Map<String, String> requestHeaders;
  private final HttpClient client;
  private final LongAdder brokenEvents = new LongAdder();
  private final Set<OpenAiGeneration> open = ConcurrentHashMap.newKeySet();
  private volatile Map<ModelId, ServedModel> models = Map.of();
  private volatile boolean closed;

  /**
   * Attaches a server; does not talk to it yet.
   *
   * @param environment where the API key is looked up
   * @throws IllegalArgumentException if the key's variable is not set
   */
  public OpenAiRuntime(
      RuntimeSpec spec, OpenAiSettings settings, Chip chip, Map<String, String> environment) {
    this.spec = spec;
    this.settings = settings;
    listReader = new ModelListReader(spec, settings, chip);
    requestHeaders =
        spec.keyEnv()
            .map(name -> Map.of("Authorization", "Bearer " + key(name, environment)))
            .orElse(Map.of());
    client =
        HttpClient.of(
            spec.base(),
            settings.connectTimeout(),
            connections(spec, settings),
            "broke-openai-" + COUNT.incrementAndGet());
  }

  /** As many as there are slots, and some for the list of models: a full server still answers. */
  private static int connections(RuntimeSpec spec, OpenAiSettings settings) {
    return Math.max(settings.maxConnections(), spec.slots().orElse(0) + CONNECTIONS_SPARE);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Address of the server. */
  public URI address() {
    return spec.base();
  }

  /** Events so far that could not be read and were left out. */
  public long brokenEvents() {
    return brokenEvents.sum();
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    var collector = new AnswerCollector(settings.maxAnswerBytes());
    var exchange = client.exchange(collector);
    exchange.send(HttpRequest.get(spec.endpoint("/v1/models"), requestHeaders));
    return collector
        .answer()
        .orTimeout(settings.modelsTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, error) -> exchange.cancel())
        .thenApply(this::takeList);
  }

  @Override
  public CompletionStage<Void> load(ModelId model, DoubleConsumer progress) {
    progress.accept(1);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> unload(ModelId model) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var prefix = "call_" + prompt.attempt().request().value() + "_";
    var assembler = new AnswerAssembler(prefix, prompt.body().length);
    var stream = new AnswerStream(settings, assembler, brokenEvents);
    var generation =
        new OpenAiGeneration(listener, stream, client, settings.finishGrace(), open::remove);
    if (closed) {
      listener.onFailure(stopping());
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
    open.forEach(generation -> generation.refuse(stopping()));
    client.close();
    return CompletableFuture.completedFuture(null);
  }

  private void send(Prompt prompt, OpenAiGeneration generation) {
    var served = models.get(prompt.model());
    var wireName = served == null ? prompt.model().value() : served.wireName();
    boolean progress = served != null && served.reportsProgress();
    try {
      var body = RequestBody.rewrite(asked(prompt), wireName, progress);
      generation.send(
          HttpRequest.postJson(spec.endpoint(path(prompt.api())), requestHeaders, body));
    } catch (IOException e) {
      generation.refuse(
          AttemptFailure.of(Kind.BAD_REQUEST, "invalid_body", String.valueOf(e.getMessage())));
    }
  }

  private static byte[] asked(Prompt prompt) throws IOException {
    return prompt.emitted().isEmpty()
        ? prompt.body()
        : ResumeBody.prefill(prompt.api(), prompt.body(), prompt.emitted(), prompt.emittedTokens());
  }

  private List<RuntimeModel> takeList(AnswerCollector.Answer answer) {
    int status = answer.head().status();
    if (status != 200) {
      throw new CompletionException(
          new IOException("%s answered %d to /v1/models".formatted(spec.base(), status)));
    }
    try {
      var server = answer.head().header("server").orElse("");
      var served = new LinkedHashMap<ModelId, ServedModel>();
      for (var model : listReader.read(answer.body(), server)) {
        served.put(model.model().facts().id(), model);
      }
      models = Map.copyOf(served);
      return served.values().stream().map(ServedModel::model).toList();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static AttemptFailure stopping() {
    return AttemptFailure.of(Kind.NODE_STOPPING, "node_stopping", "the runtime is being closed");
  }

  private static String path(Api api) {
    return switch (api) {
      case CHAT -> "/v1/chat/completions";
      case COMPLETION -> "/v1/completions";
    };
  }

  private static String key(String name, Map<String, String> environment) {
    @Nullable String key = environment.get(name);
    if (key == null || key.isBlank()) {
      throw new IllegalArgumentException("key-env: environment variable is not set: " + name);
    }
    return key;
  }
}
