package org.brokecluster.node.runtime.openai;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.RuntimeModel;
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

  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  /** Below what servers allow (5 s), so that a request seldom meets a connection being closed. */
  private static final String KEEP_ALIVE_SECONDS = "3";

  private static final int LARGE_BODY = 128 * 1024;
  private static final int THREADS = 2;

  /** The client needs its threads to the last connection, so they end by themselves. */
  private static final long IDLE_SECONDS = 10;

  private static final AtomicInteger COUNT = new AtomicInteger();

  static {
    if (System.getProperty(KEEP_ALIVE) == null) {
      System.setProperty(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
    }
  }

  private final RuntimeSpec spec;
  private final OpenAiSettings settings;
  private final ModelListReader listReader;
  private final Optional<String> authorization;
  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor timer;
  private final HttpClient client;
  private final StreamWatch watch;
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
    authorization = spec.keyEnv().map(name -> "Bearer " + key(name, environment));
    var factory = daemons("broke-openai-" + COUNT.incrementAndGet());
    threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    threads.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, factory);
    watch = new StreamWatch(settings.finishGrace(), timer);
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .executor(threads)
            .build();
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
    var request = request("/v1/models").timeout(settings.modelsTimeout()).GET().build();
    return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(this::takeList);
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
    var generation = new OpenAiGeneration(listener, stream, watch, open::remove);
    if (closed) {
      generation.failEarly(
          AttemptFailure.of(Kind.NODE_STOPPING, "node_stopping", "the runtime is being closed"));
      return generation;
    }
    open.add(generation);
    if (prompt.body().length > LARGE_BODY) {
      threads.execute(() -> send(prompt, generation));
    } else {
      send(prompt, generation);
    }
    return generation;
  }

  @Override
  public CompletionStage<Void> close() {
    closed = true;
    open.forEach(
        generation ->
            generation.failEarly(
                AttemptFailure.of(
                    Kind.NODE_STOPPING, "node_stopping", "the runtime is being closed")));
    timer.shutdown();
    return CompletableFuture.completedFuture(null);
  }

  private void send(Prompt prompt, OpenAiGeneration generation) {
    if (generation.closed()) {
      return;
    }
    if (!prompt.emitted().isEmpty()) {
      generation.failEarly(
          AttemptFailure.of(
              Kind.RUNTIME_ERROR,
              "continuation_unsupported",
              "an attached server cannot continue an answer that was begun elsewhere"));
      return;
    }
    var served = models.get(prompt.model());
    var wireName = served == null ? prompt.model().value() : served.wireName();
    boolean progress = served != null && served.reportsProgress();
    try {
      var body = RequestBody.rewrite(prompt.body(), wireName, progress);
      var request =
          request(path(prompt.api()))
              .header("Content-Type", "application/json")
              .header("Accept", "text/event-stream")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      var exchange = client.sendAsync(request, generation);
      generation.exchange(exchange);
      var unused = exchange.whenComplete((done, error) -> generation.exchangeEnded(error));
    } catch (IOException e) {
      generation.failEarly(
          AttemptFailure.of(Kind.BAD_REQUEST, "invalid_body", String.valueOf(e.getMessage())));
    }
  }

  private HttpRequest.Builder request(String path) {
    var builder = HttpRequest.newBuilder(spec.endpoint(path));
    authorization.ifPresent(value -> builder.header("Authorization", value));
    return builder;
  }

  private List<RuntimeModel> takeList(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new CompletionException(
          new IOException(
              "%s answered %d to /v1/models".formatted(spec.base(), response.statusCode())));
    }
    try {
      var server = response.headers().firstValue("server").orElse("");
      var served = new LinkedHashMap<ModelId, ServedModel>();
      for (var model : listReader.read(response.body(), server)) {
        served.put(model.model().facts().id(), model);
      }
      models = Map.copyOf(served);
      return served.values().stream().map(ServedModel::model).toList();
    } catch (IOException e) {
      throw new CompletionException(e);
    }
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

  private static ThreadFactory daemons(String prefix) {
    var number = new AtomicInteger();
    return task -> {
      var thread = new Thread(task, prefix + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
