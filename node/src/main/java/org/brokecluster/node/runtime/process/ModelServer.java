package org.brokecluster.node.runtime.process;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.process.SupervisedProcess.Activity;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One model with its server process: loads it, sends requests to it, knows who waits. Thread safe;
 * never blocks.
 */
final class ModelServer implements SupervisedProcess.User {
  /** A load is not shown as complete before it is. */
  private static final double ALMOST = 0.95;

  private static final double NANO = 1e9;

  private final ShelfModel model;
  private final CachePlan plan;
  private final EngineFactory engines;
  private final ProcessHost host;
  private final SupervisedProcess process;
  private final KvGate<GatedGeneration> gate;
  private final Runnable onChange;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong lastLife = new AtomicLong();
  private final AtomicLong lastHeard = new AtomicLong();
  private final AtomicBoolean doubted = new AtomicBoolean();
  private final AtomicLong probes = new AtomicLong();
  private final List<Loader> loaders = new ArrayList<>();
  private final List<CompletableFuture<Void>> stoppers = new ArrayList<>();
  private final Object lock = new Object();
  private ProcessState state = ProcessState.IDLE;
  private @Nullable String reason;
  private @Nullable Engine engine;
  private @Nullable URI engineAddress;
  private long loadBegan;

  private record Loader(CompletableFuture<Void> done, DoubleConsumer progress) {}

  /**
   * A server that does not run yet.
   *
   * @param onChange hears, on any thread, that {@link #state} is another
   */
  ModelServer(
      ShelfModel model,
      CachePlan plan,
      ModelShelf shelf,
      EngineFactory engines,
      ProcessHost host,
      MemoryLedger ledger,
      Runnable onChange) {
    this.model = model;
    this.plan = plan;
    this.engines = engines;
    this.host = host;
    this.onChange = onChange;
    var id = model.id();
    long reserved = plan.footprint().cache() - plan.promptCacheBytes();
    this.gate = new KvGate<>(id, ledger, reserved, plan.grows());
    this.process =
        new SupervisedProcess(id.value(), port -> shelf.launch(model, plan, port), host, this);
  }

  ModelId id() {
    return model.id();
  }

  ShelfModel model() {
    return model;
  }

  CachePlan plan() {
    return plan;
  }

  ProcessState state() {
    synchronized (lock) {
      return state;
    }
  }

  /** Whether nobody has anything of it, so that it can be replaced by one with a newer plan. */
  boolean unused() {
    synchronized (lock) {
      return state == ProcessState.IDLE && loaders.isEmpty() && stoppers.isEmpty();
    }
  }

  /** Why it is out of service or could not be loaded, or null. */
  @Nullable String reason() {
    synchronized (lock) {
      return reason;
    }
  }

  /** Id of its process, 0 if there is none. */
  long pid() {
    return process.pid();
  }

  /** Completes when the model answers. */
  CompletionStage<Void> load(DoubleConsumer progress) {
    var done = new CompletableFuture<Void>();
    synchronized (lock) {
      if (state == ProcessState.READY) {
        progress.accept(1);
        return CompletableFuture.completedFuture(null);
      }
      loaders.add(new Loader(done, progress));
      if (loaders.size() == 1) {
        loadBegan = host.now();
      }
    }
    process.begin(true);
    return done;
  }

  /** Completes when the process is gone. */
  CompletionStage<Void> unload(Duration grace) {
    var done = new CompletableFuture<Void>();
    boolean gone;
    synchronized (lock) {
      gone = state == ProcessState.IDLE && loaders.isEmpty();
      if (!gone) {
        stoppers.add(done);
      }
    }
    if (gone) {
      return CompletableFuture.completedFuture(null);
    }
    process.stop(grace);
    return done;
  }

  @Override
  public void moved(ProcessState now, @Nullable String why, @Nullable URI address) {
    var over = new ArrayList<Loader>();
    var stopped = new ArrayList<CompletableFuture<Void>>();
    @Nullable Engine old = null;
    synchronized (lock) {
      state = now;
      reason = why;
      if (now != ProcessState.READY) {
        doubted.set(false);
      }
      if (!address(address)) {
        old = engine;
        engine = null;
        engineAddress = null;
      }
      if (now == ProcessState.READY || !now.holdsMemory()) {
        over.addAll(loaders);
        loaders.clear();
      }
      if (!now.holdsMemory()) {
        stopped.addAll(stoppers);
        stoppers.clear();
      }
    }
    if (old != null) {
      old.close();
    }
    over.forEach(loader -> finish(loader, now, why));
    stopped.forEach(done -> done.complete(null));
    onChange.run();
  }

  /** Whether the engine there is still the right one. Called with the lock held. */
  private boolean address(@Nullable URI address) {
    return engineAddress == null || engineAddress.equals(address);
  }

  private static void finish(Loader loader, ProcessState now, @Nullable String why) {
    if (now == ProcessState.READY) {
      loader.progress().accept(1);
      loader.done().complete(null);
    } else {
      var reason = why == null ? "it was unloaded while it was being loaded" : why;
      loader.done().completeExceptionally(new LoadException(reason));
    }
  }

  @Override
  public Activity activity() {
    showProgress();
    return new Activity(running.get(), lastLife.get(), doubted.get());
  }

  /** How far a load is is not told by any server: time says it, as long as it is an estimate. */
  private void showProgress() {
    List<Loader> waiting;
    double share;
    synchronized (lock) {
      if (loaders.isEmpty()) {
        return;
      }
      waiting = List.copyOf(loaders);
      double seconds = (host.now() - loadBegan) / NANO;
      share = Math.min(ALMOST, seconds / Math.max(1, model.speed().loadSeconds()));
    }
    waiting.forEach(loader -> loader.progress().accept(share));
  }

  @Override
  public CompletionStage<Void> prove(URI address) {
    Engine used;
    synchronized (lock) {
      used = engine;
      if (used == null) {
        used = engines.open(address, model, plan);
        engine = used;
        engineAddress = address;
      }
    }
    var done = new CompletableFuture<Void>();
    ask(used, done);
    return done;
  }

  /** Asks again while the server says that it is loading; whoever waits watches the time. */
  private void ask(Engine used, CompletableFuture<Void> done) {
    Proof.ask(used, model, probes.incrementAndGet())
        .whenComplete(
            (proven, failure) -> {
              if (failure == null) {
                alive();
                done.complete(null);
              } else if (failure instanceof Proof.StillLoading && isCurrent(used)) {
                long pause = host.settings().tick().toNanos();
                var unused =
                    host.loop().schedule(() -> ask(used, done), pause, TimeUnit.NANOSECONDS);
              } else {
                done.completeExceptionally(failure);
              }
            });
  }

  private boolean isCurrent(Engine used) {
    synchronized (lock) {
      return engine == used;
    }
  }

  /** Starts an answer as soon as its cache fits. */
  Generation start(Prompt prompt, GenerationListener listener) {
    var generation = new GatedGeneration(this, prompt, listener, gate, cacheBytes(prompt));
    var why = refusal(prompt);
    if (why != null) {
      listener.onFailure(why);
      return generation;
    }
    generation.enter();
    return generation;
  }

  /** The engine of the process that runs now, or null. */
  @Nullable Engine engine() {
    synchronized (lock) {
      return state == ProcessState.READY ? engine : null;
    }
  }

  private @Nullable AttemptFailure refusal(Prompt prompt) {
    var context = plan.contextLength();
    int tokens = tokens(prompt) - prompt.expectedTokens();
    if (context.isPresent() && tokens > context.getAsInt()) {
      var message =
          "the prompt has about %d tokens, %s takes %d on this machine"
              .formatted(tokens, model.id(), context.getAsInt());
      return AttemptFailure.of(Kind.CONTEXT_LENGTH, "context_length_exceeded", message);
    }
    return null;
  }

  private long cacheBytes(Prompt prompt) {
    int context = plan.contextLength().orElse(Integer.MAX_VALUE);
    return plan.bytesFor(Math.min(context, tokens(prompt)));
  }

  /** About four bytes make a token of English, fewer one of code and other languages. */
  private static int tokens(Prompt prompt) {
    int bytesPerToken = 4;
    int text = prompt.body().length + prompt.emittedLength();
    return text / bytesPerToken + Math.max(0, prompt.expectedTokens());
  }

  /** So many more requests wait for memory, or fewer. */
  void waits(int change) {
    host.waits(change);
  }

  /**
   * A request went to the server.
   *
   * @return when, in nanoseconds
   */
  long began() {
    running.incrementAndGet();
    long now = host.now();
    lastLife.set(now);
    return now;
  }

  void ended() {
    running.decrementAndGet();
    lastLife.set(host.now());
  }

  /** Something came from the server. */
  void alive() {
    long now = host.now();
    lastLife.set(now);
    lastHeard.set(now);
    doubted.set(false);
  }

  /** An answer was taken back that had begun then: maybe because nothing came. */
  void takenBack(long began) {
    long now = host.now();
    long silent = Math.min(now - began, now - lastHeard.get());
    if (silent >= host.settings().doubtAfter().toNanos()) {
      doubted.set(true);
    }
  }

  /** An answer broke: a server that still works proves it. */
  void broke(Kind kind) {
    if (kind == Kind.RUNTIME_UNREACHABLE || kind == Kind.STREAM_CUT || kind == Kind.STALLED) {
      doubted.set(true);
    } else {
      alive();
    }
  }
}
