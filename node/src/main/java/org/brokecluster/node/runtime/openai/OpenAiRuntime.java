package org.brokecluster.node.runtime.openai;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
import org.brokecluster.node.runtime.answer.LoadProof;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.node.runtime.answer.RuntimeKeys;
import org.brokecluster.node.runtime.answer.ServerCalls;
import org.brokecluster.node.runtime.http.HttpClient;
import org.brokecluster.node.runtime.template.CannotRender;
import org.brokecluster.node.runtime.template.ChatRenderer;
import org.brokecluster.node.runtime.template.RawBody;
import org.brokecluster.node.runtime.template.RawPrompt;
import org.brokecluster.node.runtime.template.Rendered;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.shared.hardware.Chip;
import org.jspecify.annotations.Nullable;

/**
 * An attached server that speaks OpenAI's HTTP API in its own {@link Dialect}. Most manage their
 * models themselves: {@link #load} does something only where asking for a model is how it is
 * loaded, and {@link #unload} fails. Speaks HTTP/1.1 with known lengths, always streams, never
 * retries.
 */
public final class OpenAiRuntime implements ModelRuntime {
  private static final int CONNECTIONS_SPARE = 64;
  private static final int LARGE_BODY = 128 * 1024;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final OpenAiSettings settings;
  private final ModelListReader listReader;
  private final HttpClient client;
  private final ServerCalls calls;
  private final ServerProbe probe;
  private final ServerMemory memory;
  private final Set<HttpGeneration> open = ConcurrentHashMap.newKeySet();
  private volatile Map<ModelId, ServedModel> models = Map.of();
  private volatile Map<ModelId, RequestPlan> started = Map.of();
  private volatile @Nullable ChatRenderer renders;
  private volatile @Nullable String resident;
  private volatile boolean closed;

  /**
   * Attaches a server; does not talk to it yet.
   *
   * @param environment where the API key is looked up
   * @throws IllegalArgumentException if the key's variable is not set
   */
  public OpenAiRuntime(
      RuntimeSpec spec, OpenAiSettings settings, Chip chip, Map<String, String> environment) {
    this.settings = settings;
    listReader = new ModelListReader(spec, settings, chip);
    memory = new ServerMemory(settings.promptMemory());
    client =
        HttpClient.of(
            spec.base(),
            settings.connectTimeout(),
            connections(spec, settings),
            "broke-openai-" + COUNT.incrementAndGet());
    calls =
        new ServerCalls(
            client,
            spec.base(),
            RuntimeKeys.headers(spec.keyEnv(), environment),
            settings.maxAnswerBytes());
    probe = new ServerProbe(calls, spec.dialect());
  }

  /** As many as there are slots, and some for the list of models: a full server still answers. */
  private static int connections(RuntimeSpec spec, OpenAiSettings settings) {
    return Math.max(settings.maxConnections(), spec.slots().orElse(0) + CONNECTIONS_SPARE);
  }

  /**
   * Says what the server serves, where whoever has started it knows: requests for that model are
   * adapted to it without the server having been asked for its list. To be called before any.
   *
   * @param wireName the server's own name of the model
   * @param contextLength longest prompt plus answer in tokens, if known
   */
  public void startedWith(ModelId model, String wireName, OptionalInt contextLength) {
    var longest = contextLength.isPresent() ? (Integer) contextLength.getAsInt() : null;
    var plan = new RequestPlan(probe.dialect(), wireName, settings.answerMax(), longest, false);
    started = Map.of(model, plan);
  }

  /** Has chats rendered by somebody else than the server. To be called before any request. */
  public void renderedBy(ChatRenderer renderer) {
    renders = renderer;
  }

  @Override
  public String name() {
    return probe.dialect().label();
  }

  /** How the server speaks; generic until it has been asked. */
  public Dialect dialect() {
    return probe.dialect();
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    return calls
        .get("/v1/models", settings.modelsTimeout())
        .whenComplete(
            (list, error) -> {
              if (error != null) {
                probe.forget();
              }
            })
        .thenApply(this::checked)
        .thenCompose(list -> probe.learn(list).thenApply(facts -> takeList(list, facts)));
  }

  @Override
  public CompletionStage<Void> load(ModelId model, DoubleConsumer progress) {
    var served = models.get(model);
    if (served == null || !loadsByRequest(served)) {
      progress.accept(1);
      return CompletableFuture.completedFuture(null);
    }
    var proof = new LoadProof(model, progress);
    var generation = generation(proof);
    open.add(generation);
    generation.request(Long.MAX_VALUE);
    var body = TinyRequest.naming(served.wireName());
    generation.send(calls.request(path(Api.CHAT), body), stream(AnswerRules.plain("", 0)));
    return proof
        .done()
        .orTimeout(settings.loadTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (done, error) -> {
              if (error == null) {
                resident = served.wireName();
              } else {
                generation.cancel();
              }
            });
  }

  private static boolean loadsByRequest(ServedModel served) {
    return switch (served.model().state()) {
      case DISK, LOADING, FAILED -> served.dialect().has(Habit.LOADS_BY_REQUEST);
      case LOADED, UNSUPPORTED -> false;
    };
  }

  @Override
  public CompletionStage<Void> unload(ModelId model) {
    var served = models.get(model);
    if (served == null || served.model().state() != ModelState.LOADED) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.failedFuture(
        new LoadException(
            "%s looks after its models itself: end it to free their memory: model=%s"
                .formatted(served.dialect().title(), model)));
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var remembering = new RememberingListener(listener, memory);
    var generation = generation(remembers() ? remembering : listener);
    if (closed) {
      listener.onFailure(AttemptFailure.nodeStopping());
      return generation;
    }
    open.add(generation);
    var asked = new Asked(prompt, generation, remembering);
    if (prompt.body().length > LARGE_BODY) {
      var unused = CompletableFuture.runAsync(() -> send(asked));
    } else {
      send(asked);
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

  private HttpGeneration generation(GenerationListener listener) {
    return new HttpGeneration(listener, client, settings.finishGrace(), open::remove);
  }

  private boolean remembers() {
    return probe.dialect() == Dialect.MLX_LM;
  }

  private void send(Asked asked) {
    var prompt = asked.prompt();
    try {
      var plan = plan(prompt);
      if (prompt.spoken() == null) {
        post(asked, prompt.api(), ResumeBody.asked(prompt), plan);
      } else {
        render(asked, plan);
      }
    } catch (RequestRefusal | CannotRender e) {
      asked.refuse(e);
    } catch (IOException e) {
      asked.refuse(RequestRefusal.malformed(String.valueOf(e.getMessage())));
    }
  }

  private void post(Asked asked, Api api, byte[] body, RequestPlan plan) throws RequestRefusal {
    var prompt = asked.prompt();
    boolean shifts =
        remembers()
            && api == Api.COMPLETION
            && asked.remembering().prompted(RequestAdapter.promptText(body), prompt.spoken());
    var request = RequestAdapter.adapt(body, plan.shifted(shifts));
    var rules =
        new AnswerRules(
            "call_" + prompt.attempt().request().value() + "_",
            body.length,
            api == Api.CHAT && plan.dialect().has(Habit.THINKS_INLINE),
            request.oneToolCall(),
            request.tokenLimit());
    asked.generation().send(calls.request(path(api), request.body()), stream(rules));
  }

  /** Has the chat rendered, to go on behind it as a text completion. */
  private void render(Asked asked, RequestPlan plan) throws RequestRefusal, CannotRender {
    var chat = RequestAdapter.adapt(asked.prompt().body(), plan).body();
    var unused =
        renderer(plan.dialect())
            .render(RawPrompt.chats(chat))
            .thenAcceptAsync(rendered -> complete(asked, plan, chat, rendered))
            .exceptionally(
                error -> {
                  asked.refuse(error instanceof CompletionException ? error.getCause() : error);
                  return null;
                });
  }

  private ChatRenderer renderer(Dialect dialect) throws CannotRender {
    var given = renders;
    if (given != null) {
      return given;
    }
    if (dialect == Dialect.LLAMA) {
      return new LlamaRenderer(calls, settings.modelsTimeout());
    }
    throw new CannotRender(dialect.title() + " does not tell what it makes of a chat");
  }

  private void complete(Asked asked, RequestPlan plan, byte[] chat, Rendered rendered) {
    var prompt = asked.prompt();
    var spoken = Objects.requireNonNull(prompt.spoken(), "nothing was said before");
    try {
      var text = RawPrompt.of(rendered, chat, spoken);
      var body = RawBody.of(prompt.body(), text, prompt.emittedTokens());
      post(asked, Api.COMPLETION, body, plan);
    } catch (RequestRefusal | CannotRender e) {
      throw new CompletionException(e);
    }
  }

  /** A name that the server did not list is never sent: some would fetch the model. */
  private RequestPlan plan(Prompt prompt) throws RequestRefusal {
    var known = started.get(prompt.model());
    if (known != null) {
      return known;
    }
    var served = models.get(prompt.model());
    if (served != null) {
      return new RequestPlan(
          served.dialect(), served.wireName(), settings.answerMax(), served.contextLength(), false);
    }
    if (probe.dialect() != Dialect.GENERIC) {
      throw RequestRefusal.gone(prompt.model());
    }
    return new RequestPlan(
        Dialect.GENERIC, prompt.model().value(), settings.answerMax(), null, false);
  }

  private EventStream stream(AnswerRules rules) {
    return new EventStream(settings.limits(), new AnswerAssembler(rules));
  }

  private Answer checked(Answer list) {
    int status = list.head().status();
    if (status == OK) {
      return list;
    }
    var why =
        status == UNAVAILABLE
            ? "%s is still loading its model (503)".formatted(calls.base())
            : "%s answered %d to /v1/models".formatted(calls.base(), status);
    throw new CompletionException(new IOException(why));
  }

  private List<RuntimeModel> takeList(Answer list, ServerFacts facts) {
    try {
      var served = new LinkedHashMap<ModelId, ServedModel>();
      for (var model : listReader.read(list.body(), facts, resident)) {
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
}
