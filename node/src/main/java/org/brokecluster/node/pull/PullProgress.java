package org.brokecluster.node.pull;

import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How far a pull is: bytes and files, and how fast it has been of late. Thread safe. */
final class PullProgress {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final double NANOS = 1e9;

  private record Mark(long nanos, long fetched) {}

  private final LongSupplier nanoTime;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private int files;
  private int filesDone;
  private long bytes;
  private long bytesDone;
  private long fetched;

  PullProgress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** What there is to do, and what of it is here already. */
  synchronized void begin(int allFiles, long allBytes, int filesHere, long bytesHere) {
    files = allFiles;
    bytes = allBytes;
    filesDone = filesHere;
    bytesDone = bytesHere;
    marks.clear();
    marks.add(new Mark(nanoTime.getAsLong(), fetched));
  }

  /** Bytes have come over the network. */
  synchronized void fetched(long count) {
    fetched += count;
    bytesDone += count;
    long now = nanoTime.getAsLong();
    if (marks.isEmpty() || now - marks.getLast().nanos() >= STEP_NANOS) {
      marks.addLast(new Mark(now, fetched));
    }
    while (marks.size() > 2 && now - marks.getFirst().nanos() > WINDOW_NANOS) {
      marks.removeFirst();
    }
  }

  /** Bytes that were counted turned out to be of no use. */
  synchronized void lost(long count) {
    bytesDone -= count;
  }

  /** A file is complete. */
  synchronized void fileDone() {
    filesDone++;
  }

  /** Bytes a second over the last seconds; nothing while none came. */
  synchronized OptionalLong bytesPerSecond() {
    if (marks.isEmpty() || fetched == marks.getFirst().fetched()) {
      return OptionalLong.empty();
    }
    long time = nanoTime.getAsLong() - marks.getFirst().nanos();
    return time <= 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round((fetched - marks.getFirst().fetched()) * NANOS / time));
  }

  synchronized int files() {
    return files;
  }

  synchronized int filesDone() {
    return filesDone;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized long bytesDone() {
    return bytesDone;
  }
}
