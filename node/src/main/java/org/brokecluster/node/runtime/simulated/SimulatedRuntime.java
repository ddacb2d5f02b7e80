package org.brokecluster.node.runtime.simulated;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.ModelRuntime;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.node.runtime.RuntimeModel;
import org.brokecluster.node.runtime.answer.RequestRefusal;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.shared.hardware.Chip;
import org.jspecify.annotations.Nullable;

/**
 * A runtime that behaves like a Mac with real models, and runs none. Memory, load times and speeds
 * follow the chip and the model; text is a function of model, prompt and seed alone.
 *
 * <p>One thread drives everything; it sleeps while there is nothing to do. After a pause of the
 * whole process the machine goes on where it stopped, as a paused Mac would.
 */
public final class SimulatedRuntime implements ModelRuntime {
  private static final long LONGEST_STEP_NANOS = 250_000_000;
  private static final double NANO = 1e9;

  private final SimulatedSettings settings;
  private final SimulationClock clock;
  private final SimulatedMachine machine;
  private final AnswerWriter writer;
  private final FaultBox faults = new FaultBox();
  private final AtomicInteger open = new AtomicInteger();
  private volatile long memoryFree;
  private volatile boolean closed;
  private volatile double pace = 1;

  private SimulationClock.@Nullable Ticking ticking;
  private long lastTick;

  /** A machine with this chip and so many bytes of physical memory, running in real time. */
  public SimulatedRuntime(SimulatedSettings settings, Chip chip, long memoryBytes) {
    this(settings, chip, memoryBytes, new ThreadClock());
  }

  SimulatedRuntime(SimulatedSettings settings, Chip chip, long memoryBytes, SimulationClock clock) {
    this.settings = settings;
    this.clock = clock;
    machine = new SimulatedMachine(settings, chip, memoryBytes, faults);
    writer = new AnswerWriter(settings);
    memoryFree = machine.memoryFree();
  }

  @Override
  public String name() {
    return SimulatedModel.RUNTIME;
  }

  @Override
  public CompletionStage<List<RuntimeModel>> models() {
    var answer = new CompletableFuture<List<RuntimeModel>>();
    onClock(
        answer,
        () ->
            answer.complete(
                machine.models().stream()
                    .map(model -> model.describe(settings.timeScale()))
                    .toList()));
    return answer;
  }

  @Override
  public CompletionStage<Void> load(ModelId model, DoubleConsumer progress) {
    var done = new CompletableFuture<Void>();
    onClock(done, () -> machine.load(model, done, progress));
    return done;
  }

  @Override
  public CompletionStage<Void> unload(ModelId model) {
    var done = new CompletableFuture<Void>();
    onClock(done, () -> machine.unload(model, done));
    return done;
  }

  @Override
  public void pin(ModelId model, boolean pinned) {
    clock.execute(
        () -> {
          var hosted = machine.find(model);
          if (hosted != null) {
            hosted.pin(pinned);
          }
        });
  }

  @Override
  public OptionalLong memoryFreeBytes() {
    return OptionalLong.of(memoryFree);
  }

  /**
   * Switches a fault on for so many answers (or loads), or until {@link #clearFaults} if {@code
   * times} is 0. Several faults act together.
   */
  public void inject(Fault fault, int times) {
    clock.execute(() -> faults.add(fault, times));
  }

  /** Switches all faults off for answers that start from now on. */
  public void clearFaults() {
    clock.execute(faults::clear);
  }

  @Override
  public boolean pace(double share) {
    pace = share;
    return true;
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var counted = new CountedListener(listener, open);
    var generation =
        new SimulatedGeneration(counted, gone -> cancelled(counted, prompt.model(), gone));
    int before = open.getAndIncrement();
    clock.execute(() -> admit(prompt, generation, before));
    return generation;
  }

  @Override
  public CompletionStage<Void> close() {
    var done = new CompletableFuture<Void>();
    onClock(
        done,
        () -> {
          closed = true;
          for (var model : machine.models()) {
            model.running().forEach(generation -> generation.fail(AttemptFailure.nodeStopping()));
          }
          stopTicking();
          done.complete(null);
          clock.close();
        });
    return done;
  }

  /** Whether {@link #close} has taken effect. */
  boolean closed() {
    return closed;
  }

  private <T> void onClock(CompletableFuture<T> answer, Runnable task) {
    if (closed) {
      answer.completeExceptionally(new IllegalStateException("the simulated runtime is closed"));
      return;
    }
    clock.execute(
        () -> {
          task.run();
          settle();
        });
  }

  private void cancelled(CountedListener counted, ModelId model, SimulatedGeneration generation) {
    counted.over();
    clock.execute(
        () -> {
          var hosted = machine.find(model);
          if (hosted != null) {
            machine.remove(hosted, generation);
          }
          settle();
        });
  }

  private void admit(Prompt prompt, SimulatedGeneration generation, int before) {
    if (generation.cancelled()) {
      return;
    }
    if (closed) {
      generation.fail(AttemptFailure.nodeStopping());
    } else if (before >= settings.maxGenerations()) {
      generation.fail(
          AttemptFailure.of(
              Kind.RATE_LIMITED, "too_many_generations", "the simulated runtime is full"));
    } else {
      try {
        begin(prompt, SimulatedRequest.read(prompt.body(), prompt.api()), generation);
      } catch (RequestRefusal e) {
        generation.fail(e.failure());
      } catch (IOException | IllegalArgumentException e) {
        generation.fail(
            AttemptFailure.of(Kind.BAD_REQUEST, "invalid_body", String.valueOf(e.getMessage())));
      }
    }
    settle();
  }

  private void begin(Prompt prompt, SimulatedRequest request, SimulatedGeneration generation) {
    var model = machine.find(prompt.model());
    if (model == null || model.state() != ModelState.LOADED) {
      generation.fail(
          AttemptFailure.of(
              Kind.RUNTIME_ERROR,
              "model_not_loaded",
              "model is not in the simulated machine's memory: model=" + prompt.model()));
      return;
    }
    int tokens = request.prompt().tokens();
    int room = model.spec().contextLength() - tokens;
    if (room < 1) {
      generation.fail(tooLong(model, tokens));
      return;
    }
    var struck = strike(prompt, request);
    if (!prompt.emitted().isEmpty() && struck.contains(new Fault.RefusePrefill())) {
      generation.fail(new Fault.Refuse(400, null).effect().failure());
      return;
    }
    var plan = writer.write(model.spec().id(), request, prompt.emitted(), room);
    int cached = model.prefixes().cachedTokens(request.prompt());
    int emitted = WordPieces.cut(prompt.emitted()).size();
    var effect = struck.stream().map(Fault::effect).reduce(Fault.Effect.NONE, Fault.Effect::and);
    machine.touch(model);
    generation.begin(
        new SimulatedGeneration.Work(
            plan,
            request.prompt(),
            withAnswer(request, prompt, plan),
            cached,
            tokens - cached + emitted,
            effect));
    if (!generation.over()) {
      model.add(generation);
    }
  }

  /** The beginning of the next turn of this conversation, if there will be one. */
  private static PromptBlocks withAnswer(SimulatedRequest request, Prompt prompt, AnswerPlan plan) {
    var next = request.prompt().copy();
    SimulatedRequest.appendAnswer(next, prompt.emitted() + plan.content());
    return next;
  }

  private List<Fault> strike(Prompt prompt, SimulatedRequest request) {
    var struck = new ArrayList<>(faults.strikeAnswer());
    var wished = request.faults();
    if (settings.allowRequestFaults() && !wished.isMissingNode()) {
      int attempt = prompt.attempt().number() - 1;
      var text = wished.isArray() ? wished.path(attempt).asText("") : wished.asText("");
      if (!text.isBlank()) {
        struck.add(FaultParser.parse(text));
      }
    }
    return struck;
  }

  private void tick() {
    long now = clock.nanos();
    long passed = Math.min(LONGEST_STEP_NANOS, now - lastTick);
    lastTick = now;
    machine.advance(passed / NANO * settings.timeScale() * pace);
    settle();
  }

  /** Lets time pass only while something needs it. */
  private void settle() {
    memoryFree = machine.memoryFree();
    if (machine.idle() || closed) {
      stopTicking();
    } else if (ticking == null) {
      lastTick = clock.nanos();
      ticking = clock.every(settings.tick(), this::tick);
    }
  }

  private void stopTicking() {
    if (ticking != null) {
      ticking.stop();
      ticking = null;
    }
  }

  private static AttemptFailure tooLong(HostedModel model, int tokens) {
    return new AttemptFailure(
        Kind.CONTEXT_LENGTH,
        400,
        "context_length_exceeded",
        "the prompt has about %d tokens, %s takes %d"
            .formatted(tokens, model.spec().id(), model.spec().contextLength()),
        "messages",
        null);
  }
}
