package org.brokecluster.coordinator.http.server;

import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.BidiShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stands between the socket and the HTTP layer of one connection. It keeps reading ahead, within
 * bounds, so that a close or reset by the client is seen at once, also while nobody asks for bytes;
 * it closes connections that are idle or send their headers too slowly; and after the last response
 * it waits a moment for the client to close first, so that no reset destroys what was sent.
 */
final class ConnectionGuard
    extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
  /** Bytes read ahead of the HTTP layer. */
  private static final int AHEAD_MAX = 64 * 1024;

  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final Duration LONGEST_TICK = Duration.ofSeconds(5);

  private final Inlet<ByteString> netIn = Inlet.create("guard.netIn");
  private final Outlet<ByteString> appOut = Outlet.create("guard.appOut");
  private final Inlet<ByteString> appIn = Inlet.create("guard.appIn");
  private final Outlet<ByteString> netOut = Outlet.create("guard.netOut");
  private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
      new BidiShape<>(netIn, appOut, appIn, netOut);

  private final Connection connection;
  private final HttpSettings settings;

  ConnectionGuard(Connection connection, HttpSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final Deque<ByteString> ahead = new ArrayDeque<>();
    private final long idleNanos = settings.idleTimeout().toNanos();
    private final long headNanos = settings.headTimeout().toNanos();
    private int aheadBytes;
    private boolean peerClosed;
    private boolean appClosed;
    private boolean inHead;
    private long headSince;
    private long lastByte;

    private Logic() {
      super(shape);
      setHandler(netIn, new FromNet());
      setHandler(appOut, new ToApp());
      setHandler(appIn, new FromApp());
      setHandler(netOut, new ToNet());
    }

    @Override
    public void preStart() {
      lastByte = System.nanoTime();
      AsyncCallback<NotUsed> close = createAsyncCallback(ignored -> completeStage());
      connection.closer(() -> close.invoke(NotUsed.getInstance()));
      var tick = shorter(settings.idleTimeout(), settings.headTimeout()).dividedBy(4);
      var period = shorter(tick, LONGEST_TICK);
      scheduleWithFixedDelay("tick", period, period);
      pull(netIn);
    }

    @Override
    public void postStop() {
      connection.markGone();
    }

    @Override
    public void onTimer(Object key) {
      if (key.equals("linger")) {
        completeStage();
        return;
      }
      if (connection.busy()) {
        return;
      }
      long now = System.nanoTime();
      noteDispatch();
      if (inHead && now - headSince > headNanos) {
        refuseSlowHead();
      } else if (now - lastByte > idleNanos) {
        completeStage();
      }
    }

    private void noteDispatch() {
      if (connection.takeRequested()) {
        inHead = false;
      }
    }

    private void refuseSlowHead() {
      if (isAvailable(netOut)) {
        push(netOut, RawResponses.REQUEST_TIMEOUT);
      }
      completeStage();
    }

    /** Bytes came in: outside of a request they are the beginning of its headers. */
    private void received(long now) {
      lastByte = now;
      noteDispatch();
      if (!inHead && !connection.busy()) {
        inHead = true;
        headSince = now;
      }
    }

    private void readAhead() {
      if (!hasBeenPulled(netIn) && !isClosed(netIn) && (appClosed || aheadBytes < AHEAD_MAX)) {
        pull(netIn);
      }
    }

    private void feedApp() {
      if (isAvailable(appOut) && !ahead.isEmpty()) {
        var bytes = ahead.removeFirst();
        aheadBytes -= bytes.size();
        push(appOut, bytes);
      }
      if (peerClosed && ahead.isEmpty()) {
        complete(appOut);
      }
    }

    private final class FromNet extends AbstractInHandler {
      @Override
      public void onPush() {
        var bytes = grab(netIn);
        received(System.nanoTime());
        if (!appClosed) {
          ahead.addLast(bytes);
          aheadBytes += bytes.size();
          feedApp();
        }
        readAhead();
      }

      @Override
      public void onUpstreamFinish() {
        peerClosed = true;
        connection.markGone();
        if (isClosed(netOut)) {
          completeStage();
        } else {
          feedApp();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable reset) {
        connection.markGone();
        completeStage();
      }
    }

    private final class ToApp extends AbstractOutHandler {
      @Override
      public void onPull() {
        feedApp();
        readAhead();
      }

      /** The HTTP layer reads no more: what still comes is thrown away, until the client closes. */
      @Override
      public void onDownstreamFinish(Throwable cause) {
        appClosed = true;
        ahead.clear();
        aheadBytes = 0;
        readAhead();
      }
    }

    private final class FromApp extends AbstractInHandler {
      @Override
      public void onPush() {
        lastByte = System.nanoTime();
        headSince = lastByte;
        push(netOut, grab(appIn));
      }

      @Override
      public void onUpstreamFinish() {
        complete(netOut);
        if (peerClosed) {
          completeStage();
        } else {
          appClosed = true;
          ahead.clear();
          readAhead();
          scheduleOnce("linger", LINGER);
        }
      }

      @Override
      public void onUpstreamFailure(Throwable broken) {
        failStage(broken);
      }
    }

    private final class ToNet extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (!hasBeenPulled(appIn)) {
          pull(appIn);
        }
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        connection.markGone();
        completeStage();
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
