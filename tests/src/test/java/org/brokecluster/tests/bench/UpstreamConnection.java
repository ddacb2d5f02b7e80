package org.brokecluster.tests.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.regex.Pattern;

/** One connection to the {@link Upstream}: requests one after the other. Of the loop's thread. */
final class UpstreamConnection {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_MAX = 64 << 20;
  private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)");
  private static final String MODEL = "bench-3b";
  private static final String STREAM_HEAD =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Transfer-Encoding: chunked\r
      \r
      """;

  private final SocketChannel channel;
  private final Upstream.Loop loop;
  private ByteBuffer in = ByteBuffer.allocate(4_096);
  private ByteBuffer out = ByteBuffer.allocate(0);
  private SelectionKey key;
  private TokenPlan plan;
  private boolean usage;
  private int written;
  private long dueNanos;
  private boolean dropped;

  UpstreamConnection(SocketChannel channel, Upstream.Loop loop) {
    this.channel = channel;
    this.loop = loop;
  }

  void register(Selector selector) throws IOException {
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** When the next token is to be written, by {@link System#nanoTime}. */
  long dueNanos() {
    return dueNanos;
  }

  /** The socket has bytes, or takes some again. */
  void ready(SelectionKey selected) {
    try {
      if (selected.isReadable()) {
        read();
      }
      if (!dropped && selected.isWritable() && flush()) {
        key.interestOps(SelectionKey.OP_READ);
        if (plan != null) {
          loop.wantsTokens(this, !plan.pause().isZero());
        }
        takeRequests();
      }
    } catch (IOException e) {
      drop();
    }
  }

  private void read() throws IOException {
    if (!in.hasRemaining()) {
      in = ByteBuffer.allocate(Math.min(BODY_MAX, in.capacity() * 4)).put(in.flip());
    }
    if (channel.read(in) < 0) {
      drop();
      return;
    }
    takeRequests();
  }

  /** Pipelined requests are answered one after the other. */
  private void takeRequests() throws IOException {
    boolean more = true;
    while (more && plan == null && !dropped && !out.hasRemaining()) {
      more = takeRequest();
    }
  }

  /** Answers the next request if all of it has come. */
  private boolean takeRequest() throws IOException {
    var text = new String(in.array(), 0, Math.min(in.position(), 16_384), ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    var head = text.substring(0, end + 2);
    var match = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
    int length = match.find() ? Integer.parseInt(match.group(1)) : 0;
    if (in.position() < end + 4 + length) {
      return false;
    }
    var body = new byte[length];
    System.arraycopy(in.array(), end + 4, body, 0, length);
    in.flip().position(end + 4 + length);
    in.compact();
    answer(head, body);
    return true;
  }

  private void answer(String head, byte[] body) throws IOException {
    if (head.startsWith("GET ") && head.contains("/models ")) {
      send(
          json("{\"object\":\"list\",\"data\":[{\"id\":\"" + MODEL + "\",\"object\":\"model\"}]}"));
    } else if (head.startsWith("POST ") && head.contains("/chat/completions ")) {
      var request = JSON.readTree(body);
      var wanted = TokenPlan.of(request);
      usage = request.path("stream_options").path("include_usage").asBoolean();
      if (request.path("stream").asBoolean()) {
        begin(wanted);
      } else {
        send(json(whole(wanted)));
      }
    } else {
      send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private void begin(TokenPlan wanted) throws IOException {
    plan = wanted;
    written = 0;
    dueNanos = System.nanoTime() + wanted.pause().toNanos();
    loop.begins();
    if (send(STREAM_HEAD + event("{\"role\":\"assistant\",\"content\":\"\"}", null))) {
      loop.wantsTokens(this, !wanted.pause().isZero());
    }
  }

  /** Writes one token, or the end; whether more can be written at once or when it is due. */
  boolean writeToken() {
    try {
      if (plan.cut() > 0 && written == plan.cut()) {
        drop();
        return false;
      }
      if (written == plan.tokens()) {
        return end();
      }
      dueNanos += plan.pause().toNanos();
      return send(event("{\"content\":\"" + plan.token(written++) + "\"}", null));
    } catch (IOException e) {
      drop();
      return false;
    }
  }

  private boolean end() throws IOException {
    var last = event("{}", "length") + (usage ? usageEvent() : "") + chunk("data: [DONE]\n\n");
    plan = null;
    loop.ends(true);
    send(last + "0\r\n\r\n");
    return false;
  }

  private boolean send(String text) throws IOException {
    out = ByteBuffer.wrap(text.getBytes(UTF_8));
    if (flush()) {
      return true;
    }
    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    return false;
  }

  private boolean flush() throws IOException {
    channel.write(out);
    return !out.hasRemaining();
  }

  /** The client went away, or is sent away. */
  void drop() {
    if (dropped) {
      return;
    }
    dropped = true;
    loop.forget(this);
    if (plan != null) {
      plan = null;
      loop.ends(false);
    }
    try {
      channel.close();
    } catch (IOException e) {
      key.cancel();
    }
  }

  private String event(String delta, String finish) {
    return chunk(
        "data: {\"id\":\"chatcmpl-"
            + plan.id()
            + "\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\""
            + MODEL
            + "\",\"choices\":[{\"index\":0,\"delta\":"
            + delta
            + ",\"finish_reason\":"
            + (finish == null ? "null" : "\"" + finish + "\"")
            + "}]}\n\n");
  }

  private String usageEvent() {
    return chunk(
        "data: {\"id\":\"chatcmpl-"
            + plan.id()
            + "\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\""
            + MODEL
            + "\",\"choices\":[],\"usage\":"
            + usage(plan)
            + "}\n\n");
  }

  private static String usage(TokenPlan plan) {
    return "{\"prompt_tokens\":10,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(plan.tokens(), plan.tokens() + 10);
  }

  private static String whole(TokenPlan plan) {
    var text = new StringBuilder();
    for (int i = 0; i < plan.tokens(); i++) {
      text.append(plan.token(i));
    }
    return "{\"id\":\"chatcmpl-"
        + plan.id()
        + "\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\""
        + MODEL
        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + text
        + "\"},\"finish_reason\":\"length\"}],\"usage\":"
        + usage(plan)
        + "}";
  }

  /** All text is ASCII, so that characters are bytes. */
  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String json(String text) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + text.length()
        + "\r\n\r\n"
        + text;
  }
}
