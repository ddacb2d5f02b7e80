package org.brokecluster.node.runtime.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a client: waits for the network, runs tasks from elsewhere, and ticks four
 * times a second while connections are open. Sleeps without end while there are none.
 */
final class HttpLoop {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLoop.class);
  private static final long TICK_MILLIS = 250;
  private static final int READ_BYTES = 64 * 1024;

  private final Selector selector;
  private final Object wakeLock = new Object();
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
  private volatile boolean closing;
  private long lastTick = System.nanoTime();

  HttpLoop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector: too many open files?", e);
    }
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs a task on the loop's thread, soon; at once if this is the loop's thread. */
  void execute(Runnable task) {
    if (Thread.currentThread() == thread) {
      task.run();
    } else {
      tasks.add(task);
      wake();
    }
  }

  Selector selector() {
    return selector;
  }

  /** The buffer all connections read into, one after another. */
  ByteBuffer readBuffer() {
    return readBuffer;
  }

  /** Connections that are open, idle ones included. */
  Set<Connection> connections() {
    return connections;
  }

  /** Runs what was given so far, then ends the thread. */
  void close() {
    closing = true;
    wake();
  }

  /** A selector that is being closed must not be woken. */
  private void wake() {
    synchronized (wakeLock) {
      if (selector.isOpen()) {
        selector.wakeup();
      }
    }
  }

  private void run() {
    while (!closing || !tasks.isEmpty()) {
      try {
        if (connections.isEmpty()) {
          selector.select(this::ready);
        } else {
          selector.select(this::ready, TICK_MILLIS);
        }
      } catch (IOException e) {
        LOG.error("the network cannot be waited for, the model server's client ends", e);
        closing = true;
      }
      for (var task = tasks.poll(); task != null; task = tasks.poll()) {
        guarded(task);
      }
      tick();
    }
    connections.forEach(Connection::close);
    try {
      synchronized (wakeLock) {
        selector.close();
      }
    } catch (IOException e) {
      LOG.warn("the selector does not close", e);
    }
  }

  private void ready(SelectionKey key) {
    var connection = (Connection) key.attachment();
    try {
      connection.onReady();
    } catch (RuntimeException e) {
      LOG.error("a handler broke, its connection is closed", e);
      connection.close();
    }
  }

  private void tick() {
    long now = System.nanoTime();
    if (now - lastTick >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
      lastTick = now;
      connections.forEach(connection -> guarded(() -> connection.onTick(now)));
    }
  }

  /** One broken handler must not end the others. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a task of the model server's client broke, others go on", e);
    }
  }
}
