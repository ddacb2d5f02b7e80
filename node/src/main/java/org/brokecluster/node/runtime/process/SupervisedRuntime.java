package org.brokecluster.node.runtime.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.memory.CachePlan;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.node.memory.MemoryLimit;
import org.brokecluster.node.memory.MemorySettings;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.TierBySize;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.state.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * Models on this disk, each served by a process of its own while it is loaded. To load is to start
 * the process and have it prove itself; to unload is to end it. Who has to go to make room is
 * decided before, by whoever calls {@link #load}.
 */
public final class SupervisedRuntime implements ModelRuntime {
  /** When the host itself ends, processes get no longer than this: the host has 2 s in all. */
  private static final Duration LAST_GRACE = Duration.ofMillis(1200);

  private final ModelShelf shelf;
  private final EngineFactory engines;
  private final ProcessHost host;
  private final MemoryLedger ledger;
  private final MemorySettings memory;
  private final Map<ModelId, ModelServer> servers = new ConcurrentHashMap<>();
  private volatile Map<ModelId, ShelfModel> known = Map.of();
  private volatile Runnable onChange = () -> {};
  private volatile boolean closed;

  /** A runtime that has not looked at the disk yet. */
  public SupervisedRuntime(
      ModelShelf shelf,
      EngineFactory engines,
      ProcessHost host,
      MemoryLedger ledger,
      MemorySettings memory) {
    this.shelf = shelf;
    this.engines = engines;
    this.host = host;
    this.ledger = ledger;
    this.memory = memory;
    host.retain();
  }

  @Override
  public String name() {
    return shelf.runtime();
  }

  @Override
  public void onChange(Runnable listener) {
    onChange = listener;
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    return CompletableFuture.supplyAsync(shelf::scan, host.blocking()).thenApply(this::found);
  }

  private List<RuntimeModel> found(List<ShelfModel> models) {
    var now = new LinkedHashMap<ModelId, ShelfModel>();
    models.forEach(model -> now.putIfAbsent(model.id(), model));
    // A model whose files were deleted goes on for as long as its process has them open.
    for (var server : servers.values()) {
      if (server.state().holdsMemory()) {
        now.putIfAbsent(server.id(), server.model());
      }
    }
    known = Map.copyOf(now);
    return now.values().stream().map(this::describe).toList();
  }

  private RuntimeModel describe(ShelfModel model) {
    var plan = plan(model);
    var server = servers.get(model.id());
    var state = state(model, server);
    var problem = model.problem();
    @Nullable String reason =
        switch (state) {
          case DISK, LOADING, LOADED -> null;
          case FAILED, UNSUPPORTED ->
              problem != null ? problem.reason() : server == null ? null : server.reason();
        };
    return new RuntimeModel(facts(model, plan, state), state, model.speed(), reason);
  }

  private static ModelState state(ShelfModel model, @Nullable ModelServer server) {
    var problem = model.problem();
    var process = server == null ? ProcessState.IDLE : server.state();
    return switch (process) {
      case READY -> ModelState.LOADED;
      case STARTING, PROVING, WAITING -> ModelState.LOADING;
      case OUT_OF_SERVICE -> ModelState.FAILED;
      case IDLE, STOPPING -> problem == null ? ModelState.DISK : problem.state();
    };
  }

  private ModelFacts facts(ShelfModel model, CachePlan plan, ModelState state) {
    long weights = model.need().weights();
    var context = plan.contextLength();
    return new ModelFacts(
        model.id(),
        TierBySize.of(model.parameters()),
        shelf.runtime(),
        false,
        model.parameters().orElse(null),
        model.quantization().orElse(null),
        weights == 0 ? null : weights,
        context.isPresent() ? context.getAsInt() : null,
        plan.slots(),
        model.abilities(),
        weights == 0
            ? null
            : state == ModelState.DISK ? plan.footprint().least() : plan.footprint().bytes());
  }

  /** A process that runs keeps to the plan it was started with. */
  private CachePlan plan(ShelfModel model) {
    var server = servers.get(model.id());
    return server != null && server.state().holdsMemory()
        ? server.plan()
        : shelf.plan(CachePlan.of(model.need(), ledger.limit(), memory));
  }

  @Override
  public Optional<Footprint> footprint(ModelId id) {
    return Optional.ofNullable(known.get(id))
        .filter(model -> model.problem() == null)
        .map(model -> plan(model).footprint());
  }

  @Override
  public CompletionStage<Void> load(ModelId id, DoubleConsumer progress) {
    var model = known.get(id);
    if (model == null) {
      return failed("the model is no longer on this disk: " + id);
    }
    var problem = model.problem();
    if (problem != null) {
      return failed(problem.reason());
    }
    return host.reaped().thenCompose(done -> loadNow(model, progress));
  }

  private CompletionStage<Void> loadNow(ShelfModel model, DoubleConsumer progress) {
    var loading = new AtomicReference<CompletionStage<Void>>(failed("the node is stopping"));
    servers.compute(
        model.id(),
        (id, before) -> {
          if (closed) {
            return before;
          }
          var server = before != null && !before.unused() ? before : server(model);
          loading.set(server.load(progress));
          return server;
        });
    return loading.get();
  }

  private ModelServer server(ShelfModel model) {
    long granted = ledger.held(model.id());
    var limit = ledger.limit();
    var within =
        limit.known() && granted > 0
            ? new MemoryLimit(limit.physicalBytes(), Math.min(limit.bytes(), granted))
            : limit;
    // A long prompt may take what is free beyond that, so the machine sets its bound.
    var longest = CachePlan.of(model.need(), limit, memory).contextLength();
    var plan = shelf.plan(CachePlan.of(model.need(), within, memory).withContext(longest));
    return new ModelServer(model, plan, shelf, engines, host, ledger, () -> onChange.run());
  }

  @Override
  public CompletionStage<Void> unload(ModelId id) {
    var server = servers.get(id);
    return server == null
        ? CompletableFuture.completedFuture(null)
        : server.unload(host.settings().stopGrace());
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var server = servers.get(prompt.model());
    if (server == null || closed) {
      listener.onFailure(
          closed
              ? AttemptFailure.nodeStopping()
              : AttemptFailure.of(
                  Kind.RUNTIME_UNREACHABLE,
                  "model_not_loaded",
                  "the model has no server process: " + prompt.model()));
      return new Nothing();
    }
    return server.start(prompt, listener);
  }

  /** Id of the process that serves a model, 0 if none does. */
  public long pid(ModelId id) {
    var server = servers.get(id);
    return server == null ? 0 : server.pid();
  }

  @Override
  public CompletionStage<Void> close() {
    if (closed) {
      return CompletableFuture.completedFuture(null);
    }
    closed = true;
    var grace =
        host.settings().stopGrace().compareTo(LAST_GRACE) < 0
            ? host.settings().stopGrace()
            : LAST_GRACE;
    var all = new ArrayList<CompletableFuture<?>>();
    servers.values().forEach(server -> all.add(server.unload(grace).toCompletableFuture()));
    CompletionStage<Void> ended = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    return ended.whenComplete((done, failure) -> host.release());
  }

  private static CompletionStage<Void> failed(String why) {
    return CompletableFuture.failedFuture(new LoadException(why));
  }

  /** An answer that never began. */
  private static final class Nothing implements Generation {
    @Override
    public void request(long chunks) {
      // It has failed already.
    }

    @Override
    public void cancel() {
      // It has failed already.
    }
  }
}
