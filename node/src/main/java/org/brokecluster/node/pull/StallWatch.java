package org.brokecluster.node.pull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes streams from which nothing has come for too long: a half-open connection would otherwise
 * be waited for without end. Thread safe.
 */
final class StallWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

  private final long limitNanos;
  private final Set<Watched> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread;
  private final Future<?> looks;

  /** Watches with this patience. */
  StallWatch(Duration limit) {
    this.limitNanos = limit.toNanos();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var made = new Thread(task, "broke-pull-stalls");
              made.setDaemon(true);
              return made;
            });
    long every = Math.max(1, limit.toMillis() / 4);
    this.looks = thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  /** The same stream, watched until it is closed. */
  InputStream watch(InputStream stream) {
    var watched = new Watched(stream);
    streams.add(watched);
    return watched;
  }

  private void look() {
    long now = System.nanoTime();
    streams.forEach(
        stream -> {
          if (now - stream.heardNanos > limitNanos) {
            stream.stall();
          }
        });
  }

  @Override
  public void close() {
    looks.cancel(false);
    thread.shutdownNow();
  }

  private final class Watched extends FilterInputStream {
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean stalled;

    private Watched(InputStream stream) {
      super(stream);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int count = super.read(buffer, offset, length);
        heardNanos = System.nanoTime();
        if (stalled) {
          throw new IOException("closed");
        }
        return count;
      } catch (IOException e) {
        throw stalled
            ? new IOException("nothing came for %d s".formatted(limitNanos / 1_000_000_000L), e)
            : e;
      }
    }

    private void stall() {
      stalled = true;
      try {
        in.close();
      } catch (IOException e) {
        LOG.debug("closing a stalled stream", e);
      }
    }

    @Override
    public void close() throws IOException {
      streams.remove(this);
      super.close();
    }
  }
}
