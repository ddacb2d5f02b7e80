package org.brokecluster.node.runtime.testserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.brokecluster.node.runtime.http.ScriptedServer;
import org.brokecluster.node.runtime.http.ScriptedServer.Request;
import org.brokecluster.node.runtime.http.ScriptedServer.Wire;

/**
 * A model server in this process that behaves on the wire like a real one, its faults included.
 * Those who extend it follow recordings of the real server, which they name.
 */
public abstract class TestServer implements AutoCloseable {
  protected static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final long TOKEN_NANOS = 1_000_000;
  private static final long FAST_TOKENS = 40;
  private static final int MIDDLE = 8;
  private static final int LOTS = 200_000;

  private final ScriptedServer server;
  private final Semaphore slots;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger generating = new AtomicInteger();
  private final AtomicInteger generated = new AtomicInteger();
  private volatile Trouble trouble = Trouble.NONE;

  /**
   * A server on a port.
   *
   * @param port 0 for a free one
   * @param slots answers it works on at once; others wait without a word
   */
  protected TestServer(int port, int slots) throws IOException {
    this.slots = new Semaphore(slots, true);
    this.server = new ScriptedServer(this::serve, port);
  }

  /** Answers a request; false to close the connection. */
  protected abstract boolean serve(Request request, Wire wire) throws IOException;

  /** Its address. */
  public final String url() {
    return server.url();
  }

  /** What it was asked so far. */
  public final List<Request> requests() {
    return server.requests();
  }

  /** Connections that are open now. */
  public final int connections() {
    return server.connections();
  }

  /** Answers it works on now, or would work on if it could. */
  public final int generating() {
    return generating.get();
  }

  /** Answers it has begun so far. */
  public final int generated() {
    return generated.get();
  }

  /** Does this with requests from now on. */
  public final void trouble(Trouble next) {
    trouble = next;
  }

  @Override
  public final void close() throws IOException {
    closing.countDown();
    server.close();
  }

  /** The body as JSON, or null if it is none. */
  protected static JsonNode parse(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException notJson) {
      return null;
    }
  }

  /** Works on an answer, or goes wrong over it. */
  protected final boolean generate(PlayedAnswer answer, Voice voice, Wire wire) throws IOException {
    generating.incrementAndGet();
    generated.incrementAndGet();
    try {
      switch (trouble) {
        case CLOSED_WITHOUT_A_BYTE -> {
          return false;
        }
        case RESET -> {
          return wire.reset();
        }
        case SILENT_BEFORE_THE_HEAD -> {
          return wire.untilGone();
        }
        case INTERNAL_ERROR -> {
          return voice.refuse(500);
        }
        case BUSY -> {
          return voice.refuse(503);
        }
        case NOT_HTTP -> {
          wire.raw("SSH-2.0-OpenSSH_9.7\r\n\u0000\u0001garbage\r\n\r\n");
          return wire.untilGone();
        }
        default -> {
          return inSlot(answer, voice, wire);
        }
      }
    } finally {
      generating.decrementAndGet();
    }
  }

  /** Whoever finds no free slot hears nothing, not even a head (recording llama-13-disconnect). */
  private boolean inSlot(PlayedAnswer answer, Voice voice, Wire wire) throws IOException {
    try {
      slots.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      return say(answer, voice, wire);
    } finally {
      slots.release();
    }
  }

  private boolean say(PlayedAnswer answer, Voice voice, Wire wire) throws IOException {
    var now = trouble;
    voice.head();
    if (now == Trouble.SILENT_BEHIND_THE_HEAD) {
      return wire.untilGone();
    }
    voice.begin(answer);
    for (var piece : answer.reasoning()) {
      voice.reasoning(piece);
    }
    int said = 0;
    for (var piece : answer.content()) {
      if (said == MIDDLE && interferes(now)) {
        return inTheMiddle(now, voice, wire);
      }
      voice.content(piece);
      pace(said++);
    }
    end(now, answer, voice);
    return now == Trouble.SILENT_BEHIND_THE_FINISH ? wire.untilGone() : voice.close();
  }

  private static void end(Trouble now, PlayedAnswer answer, Voice voice) throws IOException {
    if (now == Trouble.CUT_CHARACTERS) {
      var emoji = " 🙂".getBytes(UTF_8);
      voice.contentBytes(new byte[] {emoji[0], emoji[1], emoji[2]});
      voice.contentBytes(new byte[] {emoji[3], emoji[4]});
    }
    if (now == Trouble.STOP_TOKEN) {
      voice.content("<|im_");
      voice.content("end|>");
    }
    if (answer.call()) {
      voice.call();
    }
    if (now != Trouble.NO_FINISH) {
      voice.finish(answer);
    }
    if (now != Trouble.SILENT_BEHIND_THE_FINISH) {
      voice.end(answer);
    }
  }

  private static boolean interferes(Trouble now) {
    return switch (now) {
      case SILENT_IN_THE_MIDDLE,
          CUT_IN_THE_MIDDLE,
          RESET_IN_THE_MIDDLE,
          ERROR_IN_THE_MIDDLE,
          ENDLESS_LINE,
          ENDLESS_NOTHING,
          IGNORES_THE_LIMIT,
          BROKEN_EVENT ->
          true;
      default -> false;
    };
  }

  private boolean inTheMiddle(Trouble now, Voice voice, Wire wire) throws IOException {
    switch (now) {
      case SILENT_IN_THE_MIDDLE -> {
        return wire.untilGone();
      }
      case CUT_IN_THE_MIDDLE -> {
        return voice.close();
      }
      case RESET_IN_THE_MIDDLE -> {
        return wire.reset();
      }
      case ERROR_IN_THE_MIDDLE -> {
        return voice.error() && voice.close();
      }
      case ENDLESS_LINE -> {
        for (int i = 0; i < LOTS && closing.getCount() > 0; i++) {
          voice.unended("x".repeat(1000));
        }
        return false;
      }
      case ENDLESS_NOTHING -> {
        for (int i = 0; i < LOTS && closing.getCount() > 0; i++) {
          voice.nothing();
        }
        return false;
      }
      case IGNORES_THE_LIMIT -> {
        for (int i = 0; i < LOTS && closing.getCount() > 0; i++) {
          voice.content(" more");
        }
        return false;
      }
      default -> {
        voice.broken();
        voice.content(" on");
        var rest = PlayedAnswer.to("", false, 1, List.of());
        voice.finish(rest);
        voice.end(rest);
        return voice.close();
      }
    }
  }

  /** Long answers take their time, so that a cancel finds them at work. */
  private void pace(int said) throws IOException {
    try {
      if (said > FAST_TOKENS && closing.await(TOKEN_NANOS, TimeUnit.NANOSECONDS)) {
        throw new IOException("the test is over");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
