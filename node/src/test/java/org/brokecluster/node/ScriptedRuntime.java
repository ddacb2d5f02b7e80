package org.brokecluster.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.brokecluster.protocol.state.ModelFacts;

/** A runtime that says what the test tells it to, and remembers what it was asked. */
public final class ScriptedRuntime implements ModelRuntime {
  public static final Speed ESTIMATE = new Speed(1000, 50, 10, false);

  private final String name;
  private final Map<ModelId, RuntimeModel> models = new ConcurrentHashMap<>();
  private final Map<ModelId, CompletableFuture<Void>> slowLoads = new ConcurrentHashMap<>();
  private final Map<ModelId, Footprint> footprints = new ConcurrentHashMap<>();
  private final Map<ModelId, CompletableFuture<Void>> slowUnloads = new ConcurrentHashMap<>();
  public final List<String> moves = new CopyOnWriteArrayList<>();
  private volatile Runnable changed = () -> {};
  private final List<Answer> answers = new CopyOnWriteArrayList<>();
  public final AtomicInteger loads = new AtomicInteger();
  public final AtomicInteger unloads = new AtomicInteger();
  public final AtomicInteger scans = new AtomicInteger();
  public volatile boolean reachable = true;
  public volatile boolean closed;
  private volatile DoubleConsumer progress = share -> {};

  public ScriptedRuntime(String name) {
    this.name = name;
  }

  /** Has a model from now on. */
  public ScriptedRuntime with(ModelId id, ModelState state, int slots) {
    models.put(id, model(id, state, slots));
    return this;
  }

  /** Has a model that keeps to the machine's account of memory. */
  public ScriptedRuntime with(ModelId id, ModelState state, Footprint footprint) {
    footprints.put(id, footprint);
    return with(id, state, 1);
  }

  /** Makes the next unload of a model last until the result is completed. */
  public CompletableFuture<Void> slowUnload(ModelId id) {
    var unload = new CompletableFuture<Void>();
    slowUnloads.put(id, unload);
    return unload;
  }

  /** A model changes by itself. */
  public void changes(ModelId id, ModelState state) {
    set(id, state);
    changed.run();
  }

  public void without(ModelId id) {
    models.remove(id);
  }

  private RuntimeModel model(ModelId id, ModelState state, int slots) {
    var facts =
        new ModelFacts(
            id,
            Tier.BASIC,
            name,
            true,
            4_000_000_000L,
            "4bit",
            2L << 30,
            8192,
            slots,
            Set.of(Ability.CHAT));
    return new RuntimeModel(facts, state, ESTIMATE, null);
  }

  /** Makes loads of a model last until the result is completed. */
  public CompletableFuture<Void> slowLoad(ModelId id) {
    var load = new CompletableFuture<Void>();
    slowLoads.put(id, load);
    return load;
  }

  /** Tells the share of the running load that is done. */
  public void progress(double share) {
    progress.accept(share);
  }

  /** The answers that were started, in order. */
  public List<Answer> answers() {
    return answers;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    scans.incrementAndGet();
    return reachable
        ? CompletableFuture.completedFuture(List.copyOf(models.values()))
        : CompletableFuture.failedFuture(new IllegalStateException("connection refused"));
  }

  @Override
  public Optional<Footprint> footprint(ModelId id) {
    return Optional.ofNullable(footprints.get(id));
  }

  @Override
  public void onChange(Runnable listener) {
    changed = listener;
  }

  @Override
  public CompletionStage<Void> load(ModelId id, DoubleConsumer listener) {
    loads.incrementAndGet();
    moves.add("load " + id);
    progress = listener;
    var load = slowLoads.getOrDefault(id, CompletableFuture.completedFuture(null));
    return load.thenRun(() -> set(id, ModelState.LOADED));
  }

  @Override
  public CompletionStage<Void> unload(ModelId id) {
    unloads.incrementAndGet();
    moves.add("unload " + id);
    var slow = slowUnloads.remove(id);
    var unload = slow == null ? CompletableFuture.<Void>completedFuture(null) : slow;
    return unload.thenRun(() -> set(id, ModelState.DISK));
  }

  private void set(ModelId id, ModelState state) {
    models.computeIfPresent(id, (key, model) -> model(key, state, model.facts().slots()));
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var answer = new Answer(prompt, listener);
    answers.add(answer);
    return answer;
  }

  @Override
  public CompletionStage<Void> close() {
    closed = true;
    return CompletableFuture.completedFuture(null);
  }

  /** One answer in the making, told by the test. */
  public static final class Answer implements Generation {
    public final Prompt prompt;
    public final AtomicLong requested = new AtomicLong();
    public volatile boolean cancelled;
    private final GenerationListener listener;

    private Answer(Prompt prompt, GenerationListener listener) {
      this.prompt = prompt;
      this.listener = listener;
    }

    @Override
    public void request(long chunks) {
      requested.addAndGet(chunks);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    public void prefill(double share) {
      listener.onPrefill(share);
    }

    public void say(String... texts) {
      for (var text : texts) {
        listener.onChunk(TokenChunk.content(text));
      }
    }

    public void end(Usage usage) {
      listener.onEnd(FinishReason.STOP, usage);
    }

    public void fail(AttemptFailure failure) {
      listener.onFailure(failure);
    }
  }
}
