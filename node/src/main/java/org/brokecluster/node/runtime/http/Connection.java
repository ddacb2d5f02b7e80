package org.brokecluster.node.runtime.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.atomic.AtomicReference;
import org.brokecluster.node.runtime.http.ResponseHandler.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the server. Whoever claims an idle one may write a request from its own thread,
 * which spares a change of threads; all else happens on the loop's thread.
 */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int WRITE_BYTES = 64 * 1024;

  /** What it is good for. */
  private enum State {
    CONNECTING,
    IDLE,
    BUSY,
    CLOSED
  }

  private final PlainHttpClient client;
  private final HttpLoop loop;
  private final SocketChannel channel;
  private final ResponseParser parser = new ResponseParser();
  private final AtomicReference<State> state = new AtomicReference<>(State.CONNECTING);
  private final AtomicReference<@Nullable PlainExchange> exchange = new AtomicReference<>();
  private volatile @Nullable ByteBuffer unsent;
  private volatile boolean sending;
  private volatile long since = System.nanoTime();
  private @Nullable SelectionKey key;

  private Connection(PlainHttpClient client, HttpLoop loop, SocketChannel channel) {
    this.client = client;
    this.loop = loop;
    this.channel = channel;
  }

  /** Begins to connect for a request; tells the exchange if that cannot even begin. */
  static void open(
      PlainHttpClient client,
      HttpLoop loop,
      InetSocketAddress address,
      PlainExchange first,
      byte[] request) {
    try {
      var connection = new Connection(client, loop, SocketChannel.open());
      connection.exchange.set(first);
      connection.unsent = ByteBuffer.wrap(request);
      connection.sending = true;
      first.attach(connection);
      loop.connections().add(connection);
      connection.connect(address);
    } catch (IOException e) {
      first.handler().onError(Problem.UNREACHED, describe(e));
    }
  }

  private void connect(InetSocketAddress address) {
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      boolean there = channel.connect(address);
      int interest = there ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
      key = channel.register(loop.selector(), interest, this);
      if (there) {
        connected();
      }
    } catch (IOException | UnresolvedAddressException e) {
      fail(Problem.UNREACHED, describe(e));
    }
  }

  /**
   * Takes it out of the idle ones for a request; false if it is not fit for one. Looks once whether
   * the server has closed it meanwhile: the loop may not have come round to that yet, and a request
   * on such a connection would be lost.
   */
  boolean claim(long now, long longestIdle) {
    if (now - since >= longestIdle || !state.compareAndSet(State.IDLE, State.BUSY)) {
      return false;
    }
    try {
      if (channel.read(ByteBuffer.allocate(1)) == 0) {
        return state.get() == State.BUSY;
      }
    } catch (IOException e) {
      LOG.debug("an idle connection broke", e);
    }
    loop.execute(this::close);
    return false;
  }

  /** Sends a request on a connection that was claimed, from any thread. */
  void send(PlainExchange next, byte[] request) {
    since = System.nanoTime();
    sending = true;
    exchange.set(next);
    next.attach(this);
    var bytes = ByteBuffer.wrap(request);
    try {
      if (write(bytes)) {
        sending = false;
      } else {
        // From here on the rest is the loop's; before, it must not know of it.
        unsent = bytes;
        loop.execute(this::watch);
      }
    } catch (IOException e) {
      loop.execute(() -> fail(Problem.CLOSED, describe(e)));
    }
    if (state.get() == State.CLOSED) {
      loop.execute(() -> fail(Problem.CLOSED, "closed without a byte"));
    }
  }

  /** Something can be done without waiting. */
  void onReady() {
    var ready = key;
    if (ready == null || !ready.isValid()) {
      return;
    }
    try {
      if (ready.isConnectable()) {
        if (channel.finishConnect()) {
          connected();
        }
        return;
      }
      var bytes = unsent;
      if (ready.isWritable() && bytes != null && write(bytes)) {
        sent();
      }
      if (ready.isValid() && ready.isReadable()) {
        read();
      }
    } catch (IOException e) {
      boolean connecting = state.get() == State.CONNECTING;
      fail(connecting ? Problem.UNREACHED : Problem.CLOSED, describe(e));
    }
  }

  /** Drops what takes too long or is idle for too long, and lets the handler look at the time. */
  void onTick(long now) {
    var current = exchange.get();
    if (state.get() == State.CONNECTING && now - since > client.connectTimeoutNanos()) {
      fail(Problem.UNREACHED, "no connection within the connect timeout");
    } else if (now - since > client.idleNanos() && state.compareAndSet(State.IDLE, State.CLOSED)) {
      release();
    } else if (current != null) {
      current.handler().onTick(now);
    }
  }

  /** Goes on reading if the handler wants to. Loop's thread only. */
  void resume(PlainExchange wanted) {
    if (exchange.get() == wanted) {
      watch();
    }
  }

  /** Closes it for a request that is no longer wanted. Loop's thread only. */
  void abandon(PlainExchange wanted) {
    if (exchange.compareAndSet(wanted, null)) {
      close();
    }
  }

  /** Closes it and tells nobody. Loop's thread only. */
  void close() {
    state.set(State.CLOSED);
    exchange.set(null);
    release();
  }

  private void connected() throws IOException {
    state.set(State.BUSY);
    var bytes = unsent;
    if (bytes != null && write(bytes)) {
      sent();
    } else {
      watch();
    }
  }

  private void sent() {
    unsent = null;
    sending = false;
    watch();
  }

  private boolean write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      // In slices, or the JDK would keep a direct buffer of the whole size for this thread.
      var slice = bytes.slice(bytes.position(), Math.min(WRITE_BYTES, bytes.remaining()));
      int written = channel.write(slice);
      bytes.position(bytes.position() + written);
      if (slice.hasRemaining()) {
        return false;
      }
    }
    return true;
  }

  /** Waits for what it has use for: reading if the handler takes more, writing if it must. */
  private void watch() {
    var watched = key;
    if (watched == null || !watched.isValid()) {
      return;
    }
    var current = exchange.get();
    boolean reads = current == null || current.handler().wantsMore();
    int interest =
        (reads ? SelectionKey.OP_READ : 0) | (unsent == null ? 0 : SelectionKey.OP_WRITE);
    if (watched.interestOps() != interest) {
      watched.interestOps(interest);
    }
  }

  private void read() throws IOException {
    var buffer = loop.readBuffer().clear();
    int count = channel.read(buffer);
    var current = exchange.get();
    if (count < 0) {
      endOfInput();
    } else if (current == null) {
      fail(Problem.MALFORMED, "bytes came that nobody asked for");
    } else if (feed(buffer.flip(), current) && exchange.get() == current) {
      if (parser.done()) {
        finish(current, !buffer.hasRemaining());
      } else {
        watch();
      }
    }
  }

  private boolean feed(ByteBuffer bytes, PlainExchange current) {
    try {
      parser.feed(bytes, current.handler());
      return true;
    } catch (IOException e) {
      fail(Problem.MALFORMED, describe(e));
      return false;
    }
  }

  private void finish(PlainExchange done, boolean clean) {
    boolean again = clean && parser.reusable() && !sending;
    exchange.set(null);
    if (again) {
      parser.reset();
      watch();
    } else {
      close();
    }
    done.handler().onEnd();
    if (again) {
      since = System.nanoTime();
      state.set(State.IDLE);
      client.idle(this);
    }
  }

  private void endOfInput() {
    if (!parser.endsWithClose()) {
      var why = parser.anyBytes() ? "closed before the answer was whole" : "closed without a byte";
      fail(Problem.CLOSED, why);
      return;
    }
    var current = exchange.getAndSet(null);
    close();
    if (current != null) {
      current.handler().onEnd();
    }
  }

  /** Closes it and tells whoever has claimed it, even at this very moment. */
  private void fail(Problem problem, String message) {
    state.set(State.CLOSED);
    release();
    var current = exchange.getAndSet(null);
    if (current != null) {
      current.handler().onError(problem, message);
    }
  }

  private void release() {
    loop.connections().remove(this);
    client.gone(this);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("a connection does not close", e);
    }
  }

  private static String describe(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
