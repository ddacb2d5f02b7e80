package org.brokecluster.tests.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One client of a {@link LoadGenerator}: a connection, and one request after the other on it. */
final class LoadClient {
  private final LoadGenerator.Target target;
  private final Load load;
  private final LoadResult result;
  private final Selector selector;
  private final byte[] buffer;
  private SocketChannel channel;
  private ByteBuffer out = ByteBuffer.allocate(0);
  private ReplyReader reply;
  private AnswerCheck check;
  private long startNanos;
  private boolean over;

  LoadClient(
      LoadGenerator.Target target, Load load, LoadResult result, Selector selector, byte[] buffer) {
    this.target = target;
    this.load = load;
    this.result = result;
    this.selector = selector;
    this.buffer = buffer;
  }

  /** Connects if need be and sends a request; false if that failed, which is counted. */
  boolean begin(long id) {
    var plan = new TokenPlan(id, load.tokens(), load.pause(), load.cut());
    out = ByteBuffer.wrap(request(plan));
    startNanos = System.nanoTime();
    check = new AnswerCheck(plan, load.streamed(), startNanos);
    reply = new ReplyReader(check);
    try {
      if (channel == null) {
        connect();
      } else {
        write();
      }
      return true;
    } catch (IOException e) {
      fail("connect");
      return false;
    }
  }

  private void connect() throws IOException {
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    boolean at = channel.connect(new InetSocketAddress(target.host(), target.port()));
    channel.register(selector, at ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
  }

  private void write() throws IOException {
    channel.write(out);
    channel
        .keyFor(selector)
        .interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  /** The socket can do something; true when a request has ended, well or not. */
  boolean ready(SelectionKey key) {
    try {
      if ((key.isConnectable() && channel.finishConnect()) || key.isWritable()) {
        write();
        return false;
      }
      return key.isReadable() && read();
    } catch (IOException e) {
      fail(reply.status() == 0 ? "connect" : "truncated");
      return true;
    }
  }

  private boolean read() throws IOException {
    var bytes = ByteBuffer.wrap(buffer);
    int count = channel.read(bytes);
    if (count < 0) {
      fail("truncated");
      return true;
    }
    try {
      reply.feed(buffer, 0, count);
    } catch (IllegalStateException | NumberFormatException e) {
      fail("not http");
      return true;
    }
    if (!reply.done()) {
      return false;
    }
    end();
    return true;
  }

  private void end() {
    if (reply.status() != 200) {
      fail("status " + reply.status());
      return;
    }
    var verdict = check.verdict();
    if (verdict.isEmpty()) {
      result.completed(System.nanoTime() - startNanos, check.firstNanos(), check.gapNanos());
    } else {
      fail(verdict);
    }
  }

  /** Counts a failure and drops the connection; the next request makes a new one. */
  private void fail(String kind) {
    result.failed(kind);
    close();
  }

  /** Counts a request that has not ended. */
  void giveUp() {
    if (!over && channel != null) {
      fail("timeout");
    }
  }

  /** No further request. */
  void finish() {
    over = true;
    close();
  }

  private void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        result.failed("close");
      }
      channel = null;
    }
  }

  private byte[] request(TokenPlan plan) {
    var body =
        "{\"model\":\""
            + target.model()
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + plan.prompt()
            + "\"}],\"max_tokens\":"
            + plan.tokens()
            + (load.streamed() ? ",\"stream\":true}" : "}");
    var head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: "
            + target.host()
            + ":"
            + target.port()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    return (head + body).getBytes(US_ASCII);
  }
}
