package org.brokecluster.node.runtime;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleConsumer;
import org.brokecluster.node.memory.Footprint;
import org.brokecluster.protocol.id.ModelId;

/**
 * A local inference engine behind one interface. Implementations never block the caller, are safe
 * for use from any thread, and never retry a generation: whether to try again is the edge's choice.
 */
public interface ModelRuntime {
  /** Name in facts and logs, such as {@code simulated} or {@code openai}. */
  String name();

  /**
   * The models this runtime has now, whether loaded or not. Fails if the runtime cannot be reached;
   * its models are then out of service until a later call succeeds.
   */
  CompletionStage<List<RuntimeModel>> models();

  /**
   * Brings a model into memory; completes when it is proven to answer. At once if it is there.
   * Fails with {@link LoadException}. Other models may be evicted: ask {@link #models} afterwards.
   *
   * @param progress told the share done, 0 to 1, from any thread, in order
   */
  CompletionStage<Void> load(ModelId model, DoubleConsumer progress);

  /**
   * Takes a model out of memory; at once if it is not there. Fails with {@link LoadException} where
   * the runtime looks after its models itself.
   */
  CompletionStage<Void> unload(ModelId model);

  /**
   * Keeps a model in memory ({@code pinned}) or lets the runtime evict it again to make room.
   * Runtimes that never evict ignore it.
   */
  default void pin(ModelId model, boolean pinned) {}

  /**
   * Bytes a further model could take without evicting another, where the runtime accounts for
   * memory itself; nothing where only the operating system knows.
   */
  default OptionalLong memoryFreeBytes() {
    return OptionalLong.empty();
  }

  /**
   * What a model holds of the machine's memory while it is loaded, where the runtime keeps to one
   * account with the others and room has to be made before {@link #load}; nothing where the runtime
   * sees to that itself. Never blocks.
   */
  default Optional<Footprint> footprint(ModelId model) {
    return Optional.empty();
  }

  /**
   * Has the listener called, on any thread, whenever {@link #models} would say something new by
   * itself: a server broke, or is back. Called once, before anything else; the listener never
   * blocks.
   */
  default void onChange(Runnable listener) {}

  /**
   * Works at a share of its usual speed, 0 to 1, until it is told otherwise: for drills.
   *
   * @return whether it can
   */
  default boolean pace(double share) {
    return false;
  }

  /**
   * Starts an answer. The listener hears of it from one thread at a time; the first chunks come
   * only after {@link Generation#request}.
   */
  Generation start(Prompt prompt, GenerationListener listener);

  /** Ends every generation and gives resources back. */
  CompletionStage<Void> close();
}
