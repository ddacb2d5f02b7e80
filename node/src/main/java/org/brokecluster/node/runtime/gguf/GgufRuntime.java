package org.brokecluster.node.runtime.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.LoadException;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.ResumeBody;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.TierBySize;
import org.brokecluster.node.runtime.answer.AnswerRules;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.node.runtime.disk.GgufFile;
import org.brokecluster.node.runtime.disk.KvCacheSize;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.Api;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.shared.hardware.Chip;
import org.brokecluster.shared.hardware.ModelSize;
import org.brokecluster.shared.hardware.Quantization;
import org.brokecluster.shared.hardware.SpeedEstimate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One GGUF file, run by llama.cpp inside this process. A fault of the engine is a fault of the
 * whole node: a server of its own is the better choice where there is one.
 */
public final class GgufRuntime implements ModelRuntime {
  /** Name in facts and logs. */
  public static final String NAME = RuntimeSpec.GGUF;

  private static final Logger LOG = LoggerFactory.getLogger(GgufRuntime.class);
  private static final Set<Ability> ABILITIES =
      Set.of(Ability.CHAT, Ability.COMPLETION, Ability.SEED);
  private static final int WAITING_MAX = 64;
  private static final int CLOSE_SECONDS = 20;
  private static final long ASSUMED_PARAMETERS = 7_000_000_000L;

  /** KV cache of one token where the file does not tell: more than most models take. */
  private static final long ASSUMED_PER_TOKEN = 256 * 1024;

  private final Path file;
  private final RuntimeSpec spec;
  private final GgufSettings settings;
  private final Chip chip;
  private final int slots;
  private final long overheadBytes;
  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor loader;
  private final Set<GgufGeneration> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Footprint footprint;
  private volatile @Nullable LoadedGguf loaded;
  private volatile boolean closed;

  /**
   * A file that is not read yet.
   *
   * @param overheadBytes work space beside weights and cache
   */
  public GgufRuntime(RuntimeSpec spec, GgufSettings settings, Chip chip, long overheadBytes) {
    this.file = Path.of(spec.base());
    this.spec = spec;
    this.settings = settings;
    this.chip = chip;
    this.overheadBytes = overheadBytes;
    this.slots = spec.slots().orElse(settings.slots());
    this.workers = threads("broke-gguf", slots);
    this.loader = threads("broke-gguf-loader", 1);
  }

  /** Answers the engine works on or has waiting. */
  int working() {
    return open.size();
  }

  private static ThreadPoolExecutor threads(String name, int count) {
    var pool =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_MAX),
            task -> {
              var thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    return CompletableFuture.supplyAsync(() -> List.of(model()), loader);
  }

  private RuntimeModel model() {
    long bytes = bytes();
    var held = bytes > 0 ? size(bytes) : null;
    var name = String.valueOf(file.getFileName());
    var parameters = ModelSize.parametersIn(name);
    var format = Quantization.inName(name);
    var facts =
        new ModelFacts(
            ModelId.of(name),
            spec.tier().orElseGet(() -> TierBySize.of(parameters)),
            NAME,
            false,
            parameters.orElse(null),
            format.map(Quantization::label).orElse(null),
            bytes > 0 ? bytes : null,
            settings.context(),
            slots,
            ABILITIES,
            held == null ? null : held.bytes());
    long count = parameters.orElse(ASSUMED_PARAMETERS);
    var speed = SpeedEstimate.of(chip, new ModelSize(count, count, Math.max(1, bytes))).speed();
    if (bytes <= 0) {
      return new RuntimeModel(facts, ModelState.FAILED, speed, "the file cannot be read: " + file);
    }
    var state = loaded == null ? ModelState.DISK : ModelState.LOADED;
    return new RuntimeModel(facts, state, speed, null);
  }

  /** What it takes when loaded: the engine takes all of its cache at the start. */
  private Footprint size(long bytes) {
    var known = footprint;
    if (known != null && known.weights() == bytes) {
      return known;
    }
    long perToken = ASSUMED_PER_TOKEN;
    long perStream = 0;
    try {
      var cache = GgufFile.read(file).cache();
      perToken = cache.map(KvCacheSize::perToken).orElse(perToken);
      perStream = cache.map(KvCacheSize::perStream).orElse(perStream);
    } catch (IOException | RuntimeException e) {
      LOG.debug("cannot tell the size of a cache: file={} reason={}", file, e.getMessage());
    }
    long cache = slots * (settings.context() * perToken + perStream);
    var size = new Footprint(bytes, cache, overheadBytes, cache);
    footprint = size;
    return size;
  }

  @Override
  public Optional<Footprint> footprint(ModelId model) {
    return Optional.ofNullable(footprint);
  }

  private long bytes() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public CompletionStage<Void> load(ModelId model, DoubleConsumer progress) {
    return CompletableFuture.runAsync(
        () -> {
          if (loaded == null && !closed) {
            loaded = LoadedGguf.read(file, settings, slots);
          }
          progress.accept(1);
        },
        loader);
  }

  @Override
  public CompletionStage<Void> unload(ModelId model) {
    return CompletableFuture.runAsync(
        () -> {
          if (!open.isEmpty()) {
            throw new LoadException("model is in use: model=" + model);
          }
          release();
        },
        loader);
  }

  private void release() {
    var model = loaded;
    loaded = null;
    if (model != null) {
      model.close();
    }
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var model = loaded;
    if (closed || model == null) {
      listener.onFailure(
          closed
              ? AttemptFailure.nodeStopping()
              : AttemptFailure.of(Kind.LOAD_FAILED, "not_loaded", "the model is not loaded"));
      return new NoGeneration();
    }
    try {
      var request = GgufRequest.of(ResumeBody.asked(prompt), prompt.api());
      var rules = new AnswerRules("", prompt.body().length, prompt.api() == Api.CHAT, false, null);
      var generation = new GgufGeneration(model, request, listener, rules, open::remove);
      open.add(generation);
      workers.execute(generation);
      return generation;
    } catch (RequestRefusal refusal) {
      listener.onFailure(refusal.failure());
    } catch (IOException e) {
      var why = String.valueOf(e.getMessage());
      listener.onFailure(AttemptFailure.of(Kind.BAD_REQUEST, "invalid_body", why));
    } catch (RejectedExecutionException full) {
      listener.onFailure(
          AttemptFailure.of(Kind.RATE_LIMITED, "queue_full", "too many answers wait already"));
    }
    return new NoGeneration();
  }

  /** Waits for the engine to leave every answer: a model must not be closed under it. */
  @Override
  public CompletionStage<Void> close() {
    closed = true;
    open.forEach(generation -> generation.refuse(AttemptFailure.nodeStopping()));
    workers.shutdown();
    var done = CompletableFuture.runAsync(this::closeWhenIdle, loader);
    loader.shutdown();
    return done;
  }

  private void closeWhenIdle() {
    try {
      if (workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An answer that failed before it began. */
  private static final class NoGeneration implements Generation {
    @Override
    public void request(long chunks) {
      // Nothing is left to be asked for.
    }

    @Override
    public void cancel() {
      // Nothing is left to be stopped.
    }
  }
}
