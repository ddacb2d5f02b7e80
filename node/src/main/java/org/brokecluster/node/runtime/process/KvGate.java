package org.brokecluster.node.runtime.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.brokecluster.node.memory.MemoryLedger;
import org.brokecluster.protocol.id.ModelId;

/**
 * Lets requests of one model begin only when their KV cache fits: into what was set aside for the
 * model's streams, or else into what nobody on this machine holds. The servers themselves check
 * nothing and die of one prompt too many. Requests that must wait begin in order. Thread safe.
 *
 * @param <R> a request
 */
final class KvGate<R> {
  /** Whether a request may begin. */
  enum Verdict {
    BEGIN,
    WAIT,
    /** Nothing of this model runs that could make room. */
    REFUSE
  }

  /** Requests that may begin now, in order, and those that never will. */
  record Next<R>(List<R> begin, List<R> refuse) {}

  private record Waiting<R>(R request, long bytes) {}

  private final ModelId model;
  private final MemoryLedger ledger;
  private final long reserved;
  private final boolean grows;
  private final Deque<Waiting<R>> waiting = new ArrayDeque<>();
  private long used;
  private int running;

  /**
   * A gate without requests.
   *
   * @param reserved bytes set aside for the model's streams
   * @param grows whether the server can take more than that
   */
  KvGate(ModelId model, MemoryLedger ledger, long reserved, boolean grows) {
    this.model = model;
    this.ledger = ledger;
    this.reserved = reserved;
    this.grows = grows;
  }

  /** A request wants to begin with so much cache. */
  synchronized Verdict enter(R request, long bytes) {
    if (waiting.isEmpty() && take(bytes)) {
      return Verdict.BEGIN;
    }
    if (running == 0 && waiting.isEmpty()) {
      return Verdict.REFUSE;
    }
    waiting.addLast(new Waiting<>(request, bytes));
    return Verdict.WAIT;
  }

  /**
   * A request that had begun is over.
   *
   * @return what becomes of those that waited
   */
  synchronized Next<R> leave(long bytes) {
    give(bytes);
    var begin = new ArrayList<R>();
    var refuse = new ArrayList<R>();
    while (!waiting.isEmpty()) {
      if (take(waiting.peekFirst().bytes())) {
        begin.add(waiting.removeFirst().request());
      } else if (running == 0) {
        // Nothing of ours is left that could make room: another model has taken it meanwhile.
        refuse.add(waiting.removeFirst().request());
      } else {
        break;
      }
    }
    return new Next<>(begin, refuse);
  }

  /**
   * A waiting request was taken back.
   *
   * @return whether it had been waiting; if not, it has begun and must {@link #leave}
   */
  synchronized boolean withdraw(R request) {
    return waiting.removeIf(entry -> entry.request() == request);
  }

  /** Requests that wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  private boolean take(long bytes) {
    long more = beyond(used + bytes) - beyond(used);
    if (more > 0 && !(grows && ledger.grow(model, more))) {
      return false;
    }
    used += bytes;
    running++;
    return true;
  }

  private void give(long bytes) {
    long less = beyond(used) - beyond(used - bytes);
    if (less > 0) {
      ledger.shrink(model, less);
    }
    used -= bytes;
    running--;
  }

  private long beyond(long bytes) {
    return Math.max(0, bytes - reserved);
  }
}
