package org.brokecluster.coordinator.http;

import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one streamed answer on their way to the client. The request's actor offers what it
 * has, from its own thread and without waiting; the connection takes everything gathered so far as
 * one chunk whenever it can send. While there is nothing to send, comment lines keep the stream
 * alive. What waits is bounded: a client that does not read makes {@link #offer} say so.
 *
 * <p>Belongs to the request, never to an attempt. Methods are safe from any thread; {@link #source}
 * can be run once.
 */
public final class ClientStream {
  private static final byte[] COMMENT = ascii(": keep-alive\n\n");
  private static final int FIRST_ROOM = 1024;
  private static final int TEXT_MAX = 200;

  /** What became of an offer. */
  public enum Offer {
    /** It will be sent. */
    TAKEN,
    /** The client reads too slowly: there is no room, and nothing of the offer was taken. */
    FULL,
    /** The stream has ended, or the client is gone. */
    ENDED
  }

  /** Hears how the stream fares, on the connection's thread; must be quick and must not throw. */
  public interface Listener {
    /**
     * Bytes were handed to the connection.
     *
     * @param total all bytes taken so far that were offered, comments not counted
     */
    void onDrained(int bytes, long total);

    /** The connection wants no more, before the stream was complete. */
    void onCancelled();
  }

  private enum State {
    OPEN,
    COMPLETING,
    FAILING,
    ENDED
  }

  private final Object lock = new Object();
  private final int bound;
  private final Duration silence;
  private final Listener listener;

  // Guarded by the lock.
  private byte[] waiting = new byte[FIRST_ROOM];
  private int length;
  private State state = State.OPEN;
  private byte[] comment = COMMENT;
  private boolean hungry;
  private @Nullable AsyncCallback<NotUsed> wake;
  private boolean started;

  /**
   * An open stream.
   *
   * @param bound most bytes that may wait to be sent; one offer into an empty stream may be larger
   * @param silence time without a byte after which a comment line is sent
   */
  public ClientStream(int bound, Duration silence, Listener listener) {
    this.bound = bound;
    this.silence = silence;
    this.listener = listener;
  }

  /**
   * Offers the first {@code count} bytes of an array, which are copied. They must be whole events,
   * because a comment line may follow.
   */
  public Offer offer(byte[] bytes, int count) {
    AsyncCallback<NotUsed> sleeper;
    synchronized (lock) {
      if (state != State.OPEN) {
        return Offer.ENDED;
      }
      if (length > 0 && length + count > bound) {
        return Offer.FULL;
      }
      append(bytes, count);
      sleeper = takeSleeper();
    }
    rouse(sleeper);
    return Offer.TAKEN;
  }

  /** Ends the stream once everything offered is sent; later offers are refused. */
  public void complete() {
    end(State.COMPLETING);
  }

  /** Sends everything offered, then breaks the connection, so that no client takes it for whole. */
  public void fail() {
    end(State.FAILING);
  }

  /**
   * Sets the text of the comment lines from now on, such as {@code waiting, place 3}.
   *
   * @param text one line; control and non-ASCII characters become blanks
   */
  public void comment(String text) {
    var bytes = line(text);
    synchronized (lock) {
      comment = bytes;
    }
  }

  /**
   * Sends a comment line at once, in its place between the events; left out if there is no room.
   */
  public void note(String text) {
    var bytes = line(text);
    var unused = offer(bytes, bytes.length); // a note is worth no answer
  }

  private static byte[] line(String text) {
    var line = new StringBuilder(": ");
    text.chars().limit(TEXT_MAX).forEach(c -> line.append(c >= 0x20 && c < 0x7F ? (char) c : ' '));
    return ascii(line.append("\n\n").toString());
  }

  /** Bytes that wait to be sent. */
  public int waiting() {
    synchronized (lock) {
      return length;
    }
  }

  /** The stream as the connection runs it; a second run fails. */
  public Source<ByteString, NotUsed> source() {
    return Source.fromGraph(new Stage());
  }

  private void append(byte[] bytes, int count) {
    if (length + count > waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(length + count, waiting.length * 2));
    }
    System.arraycopy(bytes, 0, waiting, length, count);
    length += count;
  }

  private void end(State how) {
    AsyncCallback<NotUsed> sleeper;
    synchronized (lock) {
      if (state != State.OPEN) {
        return;
      }
      state = how;
      sleeper = takeSleeper();
    }
    rouse(sleeper);
  }

  /** The connection's callback if it waits for bytes; it then no longer does. */
  private @Nullable AsyncCallback<NotUsed> takeSleeper() {
    if (!hungry) {
      return null;
    }
    hungry = false;
    return wake;
  }

  private static void rouse(@Nullable AsyncCallback<NotUsed> sleeper) {
    if (sleeper != null) {
      sleeper.invoke(NotUsed.getInstance());
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private final class Stage extends GraphStage<SourceShape<ByteString>> {
    private final Outlet<ByteString> out = Outlet.create("ClientStream.out");
    private final SourceShape<ByteString> shape = SourceShape.of(out);

    @Override
    public SourceShape<ByteString> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
      return new Logic(shape, out);
    }
  }

  private final class Logic extends TimerGraphStageLogic {
    private final Outlet<ByteString> out;
    private int quietTicks;
    private boolean owner;
    private long total;

    private Logic(SourceShape<ByteString> shape, Outlet<ByteString> out) {
      super(shape);
      this.out = out;
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              serve();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              cancelled();
              completeStage();
            }
          });
    }

    @Override
    public void preStart() {
      synchronized (lock) {
        if (started) {
          throw new IllegalStateException("a client stream can be run once only");
        }
        started = true;
        owner = true;
        wake = createAsyncCallback(ignored -> wakeUp());
      }
      var half = silence.dividedBy(2);
      scheduleWithFixedDelay("silence", half, half);
    }

    @Override
    public void onTimer(Object key) {
      if (++quietTicks >= 2 && isAvailable(out)) {
        byte[] line;
        synchronized (lock) {
          line = comment;
          hungry = false;
        }
        quietTicks = 0;
        push(out, ByteString.fromArrayUnsafe(line));
      }
    }

    @Override
    public void postStop() {
      cancelled();
    }

    private void wakeUp() {
      if (isAvailable(out)) {
        serve();
      }
    }

    /** There is demand: hands over all that waits, or notes the demand for later. */
    private void serve() {
      ByteString chunk = null;
      State end;
      synchronized (lock) {
        end = state;
        if (length > 0) {
          chunk = take();
        } else if (end == State.OPEN) {
          hungry = true;
        }
        if (end != State.OPEN) {
          state = State.ENDED;
        }
      }
      if (chunk != null) {
        quietTicks = 0;
        total += chunk.size();
        push(out, chunk);
        listener.onDrained(chunk.size(), total);
      }
      switch (end) {
        case OPEN, ENDED -> {}
        case COMPLETING -> completeStage();
        case FAILING -> failStage(new BrokenAnswerException());
      }
    }

    /** Gives the array away and starts another of the usual size. */
    private ByteString take() {
      var chunk = ByteString.fromArrayUnsafe(waiting, 0, length);
      waiting = new byte[Math.max(FIRST_ROOM, Math.min(length, bound))];
      length = 0;
      return chunk;
    }

    private void cancelled() {
      if (!owner) {
        return;
      }
      boolean early;
      synchronized (lock) {
        early = state != State.ENDED;
        state = State.ENDED;
        length = 0;
        hungry = false;
      }
      if (early) {
        listener.onCancelled();
      }
    }
  }

  /** Breaks a connection whose answer broke; the request has been told already. */
  private static final class BrokenAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BrokenAnswerException() {
      super("the answer broke after its first byte", null, false, false);
    }
  }
}
