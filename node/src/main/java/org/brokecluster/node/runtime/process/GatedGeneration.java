package org.brokecluster.node.runtime.process;

import java.util.concurrent.atomic.AtomicBoolean;
import org.brokecluster.node.runtime.Generation;
import org.brokecluster.node.runtime.GenerationListener;
import org.brokecluster.node.runtime.Prompt;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.AttemptFailure.Kind;
import org.brokecluster.protocol.node.FinishReason;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * An answer that begins when its cache fits, and on the way tells the server's supervisor of every
 * sign of life. Thread safe.
 */
final class GatedGeneration implements Generation, GenerationListener {
  private final ModelServer server;
  private final Prompt prompt;
  private final GenerationListener listener;
  private final KvGate<GatedGeneration> gate;
  private final long bytes;
  private final AtomicBoolean left = new AtomicBoolean();
  private final Object lock = new Object();
  private @Nullable Generation started;
  private long asked;
  private volatile boolean cancelled;
  private volatile long began;

  GatedGeneration(
      ModelServer server,
      Prompt prompt,
      GenerationListener listener,
      KvGate<GatedGeneration> gate,
      long bytes) {
    this.server = server;
    this.prompt = prompt;
    this.listener = listener;
    this.gate = gate;
    this.bytes = bytes;
  }

  /** Asks to begin. */
  void enter() {
    switch (gate.enter(this, bytes)) {
      case BEGIN -> begin();
      case WAIT -> server.waits(1);
      case REFUSE -> refuse();
    }
  }

  private void begin() {
    began = server.began();
    var engine = server.engine();
    if (engine == null) {
      onFailure(
          AttemptFailure.of(
              Kind.RUNTIME_UNREACHABLE,
              "model_server_gone",
              "the model's server has ended and is being started again: " + server.id()));
      return;
    }
    var begun = engine.start(prompt, this);
    long due;
    synchronized (lock) {
      started = begun;
      due = asked;
    }
    if (cancelled) {
      begun.cancel();
      leave();
    } else if (due > 0) {
      begun.request(due);
    }
  }

  private void refuse() {
    listener.onFailure(
        AttemptFailure.of(
            Kind.RATE_LIMITED,
            "memory_short",
            "other models on this machine leave no memory for a prompt of this length: "
                + server.id()));
  }

  @Override
  public void request(long chunks) {
    Generation begun;
    synchronized (lock) {
      begun = started;
      if (begun == null && chunks > 0) {
        asked = asked + chunks < 0 ? Long.MAX_VALUE : asked + chunks;
      }
    }
    if (begun != null) {
      begun.request(chunks);
    }
  }

  @Override
  public void cancel() {
    Generation begun;
    synchronized (lock) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      begun = started;
    }
    if (begun != null) {
      begun.cancel();
      if (!left.get()) {
        server.takenBack(began);
      }
      leave();
    } else if (gate.withdraw(this)) {
      server.waits(-1);
    }
  }

  @Override
  public void onPrefill(double share) {
    server.alive();
    if (!cancelled) {
      listener.onPrefill(share);
    }
  }

  @Override
  public void onChunk(TokenChunk chunk) {
    server.alive();
    if (!cancelled) {
      listener.onChunk(chunk);
    }
  }

  @Override
  public void onEnd(FinishReason reason, Usage usage) {
    server.alive();
    leave();
    if (!cancelled) {
      listener.onEnd(reason, usage);
    }
  }

  @Override
  public void onFailure(AttemptFailure failure) {
    if (!cancelled) {
      server.broke(failure.kind());
    }
    leave();
    if (!cancelled) {
      listener.onFailure(failure);
    }
  }

  /** Gives the cache back, once, and lets others begin. */
  private void leave() {
    if (!left.compareAndSet(false, true)) {
      return;
    }
    server.ended();
    var next = gate.leave(bytes);
    server.waits(-next.begin().size() - next.refuse().size());
    next.begin().forEach(GatedGeneration::begin);
    next.refuse().forEach(GatedGeneration::refuse);
  }
}
