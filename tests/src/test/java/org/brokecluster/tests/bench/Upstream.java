package org.brokecluster.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.tests.harness.Await;

/**
 * An OpenAI-compatible model server that costs next to nothing, so that what is in front of it can
 * be measured. One thread, any number of streams. What a request gets is written in its prompt, see
 * {@link TokenPlan}; every token is an event and a write of its own, as model servers do it.
 */
public final class Upstream implements AutoCloseable {
  private static final int BACKLOG = 4_096;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private volatile boolean closed;

  // Of the loop's thread.
  private final Deque<UpstreamConnection> unpaced = new ArrayDeque<>();
  private final PriorityQueue<UpstreamConnection> paced =
      new PriorityQueue<>(Comparator.comparingLong(UpstreamConnection::dueNanos));

  private Upstream(int port) throws IOException {
    selector = Selector.open();
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Serves on 127.0.0.1 until it is closed; port 0 for a free one. */
  public static Upstream start(int port) {
    try {
      var upstream = new Upstream(port);
      var thread = new Thread(upstream::serve, "upstream");
      thread.setDaemon(true);
      thread.start();
      return upstream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For a process of its own: the argument is the port. Runs until it is killed. */
  public static void main(String[] arguments) {
    try (var upstream = start(Integer.parseInt(arguments[0]))) {
      System.out.println("serving " + upstream.url());
      while (!Thread.currentThread().isInterrupted()) {
        Await.pause(java.time.Duration.ofHours(1));
      }
    }
  }

  /** Base address with {@code /v1}. */
  public String url() {
    try {
      return "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort() + "/v1";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Generations under way. */
  public int active() {
    return active.get();
  }

  /** Generations whose client went away before their end. */
  public int cancelled() {
    return cancelled.get();
  }

  private void serve() {
    try {
      while (!closed) {
        turn();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn() throws IOException {
    if (unpaced.isEmpty()) {
      long wait =
          paced.isEmpty() ? 1_000 : (paced.peek().dueNanos() - System.nanoTime()) / 1_000_000;
      if (wait > 0) {
        selector.select(wait);
      } else {
        selector.selectNow();
      }
    } else {
      selector.selectNow();
    }
    for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
      var key = keys.next();
      keys.remove();
      handle(key);
    }
    writeTokens(System.nanoTime());
  }

  private void handle(SelectionKey key) throws IOException {
    if (key.isAcceptable()) {
      accept();
      return;
    }
    var connection = (UpstreamConnection) key.attachment();
    try {
      connection.ready(key);
    } catch (CancelledKeyException e) {
      connection.drop();
    }
  }

  private void accept() throws IOException {
    for (var channel = server.accept(); channel != null; channel = server.accept()) {
      channel.configureBlocking(false);
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      var connection = new UpstreamConnection(channel, new Loop());
      connection.register(selector);
    }
  }

  /** One token for each stream without a pause, and all that are due for the others. */
  private void writeTokens(long now) {
    for (int left = unpaced.size(); left > 0; left--) {
      var connection = unpaced.removeFirst();
      if (connection.writeToken()) {
        unpaced.addLast(connection);
      }
    }
    while (!paced.isEmpty() && paced.peek().dueNanos() <= now) {
      var connection = paced.remove();
      if (connection.writeToken()) {
        paced.add(connection);
      }
    }
  }

  /** What connections tell the loop; used on its thread only. */
  final class Loop {
    void begins() {
      active.incrementAndGet();
    }

    void ends(boolean whole) {
      active.decrementAndGet();
      if (!whole) {
        cancelled.incrementAndGet();
      }
    }

    /** Tokens are wanted again: after the headers, or when the socket takes bytes again. */
    void wantsTokens(UpstreamConnection connection, boolean hasPause) {
      if (hasPause) {
        paced.add(connection);
      } else {
        unpaced.addLast(connection);
      }
    }

    void forget(UpstreamConnection connection) {
      unpaced.remove(connection);
      paced.remove(connection);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
