package org.brokecluster.coordinator.http.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.coordinator.http.ConnectionWatch;
import org.jspecify.annotations.Nullable;

/** What is known of one connection; shared by its stages and its requests. Safe from any thread. */
final class Connection implements ConnectionWatch {
  private final AtomicInteger pending = new AtomicInteger();
  private volatile boolean requested;
  private volatile boolean gone;
  private volatile @Nullable Runnable closer;

  // Guarded by this.
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  /** One listener; equal to itself only, so that a listener may wait twice. */
  private static final class Waiting {
    private final Runnable listener;

    private Waiting(Runnable listener) {
      this.listener = listener;
    }
  }

  @Override
  public Registration onGone(Runnable listener) {
    var entry = new Waiting(listener);
    synchronized (this) {
      if (!gone) {
        waiting.add(entry);
        return () -> forget(entry);
      }
    }
    listener.run();
    return () -> {};
  }

  @Override
  public boolean gone() {
    return gone;
  }

  /** The client is gone: tells everybody who waits for that, once. */
  void markGone() {
    List<Waiting> told;
    synchronized (this) {
      if (gone) {
        return;
      }
      gone = true;
      told = new ArrayList<>(waiting);
      waiting.clear();
    }
    told.forEach(entry -> entry.listener.run());
  }

  /** A request's headers are complete; it is being worked on. */
  void requestBegins() {
    pending.incrementAndGet();
    requested = true;
  }

  /** A response is on its way. */
  void requestEnds() {
    pending.decrementAndGet();
  }

  /** Whether a request is being worked on. */
  boolean busy() {
    return pending.get() > 0;
  }

  /** Whether a request has begun since the last time this was asked. */
  boolean takeRequested() {
    boolean result = requested;
    requested = false;
    return result;
  }

  /** How to end this connection at once, from any thread; set by its stage. */
  void closer(Runnable action) {
    closer = action;
  }

  /** Ends the connection at once. */
  void close() {
    var action = closer;
    if (action != null) {
      action.run();
    }
  }

  private synchronized void forget(Waiting entry) {
    waiting.remove(entry);
  }
}
