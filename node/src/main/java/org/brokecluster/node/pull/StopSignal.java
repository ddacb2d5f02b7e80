package org.brokecluster.node.pull;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all threads of a pull to stop: ends their pauses and closes what they read from. */
final class StopSignal {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  private final CountDownLatch given = new CountDownLatch(1);
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  /** Stops; harmless when repeated. */
  void give() {
    given.countDown();
    open.forEach(StopSignal::close);
  }

  /** Whether to stop. */
  boolean isGiven() {
    return given.getCount() == 0;
  }

  /**
   * Waits, but no longer than until told to stop.
   *
   * @return whether to stop
   */
  boolean pause(Duration time) throws InterruptedException {
    return given.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Has this closed when told to stop, so that nobody keeps reading from it. */
  void opened(Closeable stream) {
    open.add(stream);
    if (isGiven()) {
      close(stream);
    }
  }

  /** It is read no longer. */
  void closed(Closeable stream) {
    open.remove(stream);
  }

  private static void close(Closeable stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debug("closing a stream that is not needed any more", e);
    }
  }
}
