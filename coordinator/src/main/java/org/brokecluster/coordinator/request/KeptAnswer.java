package org.brokecluster.coordinator.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokecluster.coordinator.http.error.ApiError;
import org.brokecluster.coordinator.http.error.ApiException;
import org.brokecluster.protocol.edge.KeptProtocol;
import org.brokecluster.protocol.edge.KeptProtocol.Head;
import org.brokecluster.protocol.edge.KeptProtocol.Part;
import org.jspecify.annotations.Nullable;

/**
 * One answer that is made, and kept for a while, whether its client is there or not. The request
 * writes; any number of readers ask for what follows what they have, and wait a moment if there is
 * nothing yet. Thread safe; times are milliseconds of a monotonic clock.
 */
final class KeptAnswer {
  private static final long WAIT_MS = 2_000;
  private static final int READERS_MAX = 16;
  private static final int PIECE_MAX = 32 * 1024;

  private record Reader(long after, long sinceMs, CompletableFuture<Part> answer) {}

  private final Object lock = new Object();
  private final String owner;
  private final long keepMs;
  private final EventLog log;
  private final List<Reader> readers = new ArrayList<>();
  private @Nullable Head head;
  private boolean ended;
  private boolean clientHere = true;
  private long aloneSinceMs;

  /**
   * An answer whose client is there.
   *
   * @param owner proof that whoever reads must show
   * @param keepMs how long it is kept while nobody is there to take it
   * @param bytesMax bytes kept of it; the oldest go first
   */
  KeptAnswer(String owner, long keepMs, long bytesMax) {
    this.owner = owner;
    this.keepMs = keepMs;
    this.log = new EventLog(bytesMax);
  }

  /** Whether this is the proof of who may read. */
  boolean ownedBy(String shown) {
    return owner.equals(shown);
  }

  /** Sets how the response begins. */
  void begins(Head how) {
    synchronized (lock) {
      head = how;
    }
  }

  /** Adds server-sent events; gives them back with their numbers. */
  byte[] events(byte[] source, int count, long nowMs) {
    byte[] numbered;
    synchronized (lock) {
      numbered = log.events(source, count);
    }
    serve(nowMs, false);
    return numbered;
  }

  /** Adds an answer that is given in one piece, and ends with it. */
  void whole(Head how, byte[] body, long nowMs) {
    synchronized (lock) {
      head = how;
      for (int at = 0; at < body.length; at += PIECE_MAX) {
        log.piece(Arrays.copyOfRange(body, at, Math.min(body.length, at + PIECE_MAX)));
      }
    }
    ends(nowMs);
  }

  /** Nothing follows any more. */
  void ends(long nowMs) {
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
    }
    clientGone(nowMs);
    serve(nowMs, false);
  }

  /** The client that asked first has hung up, or has everything. */
  void clientGone(long nowMs) {
    synchronized (lock) {
      if (clientHere) {
        clientHere = false;
        aloneSinceMs = nowMs;
      }
    }
  }

  /** Answers readers that have waited for long enough with an empty part. */
  void tick(long nowMs) {
    serve(nowMs, true);
  }

  /**
   * What follows a piece, soon.
   *
   * @return fails with an {@link ApiException} if it is not kept any more
   */
  CompletionStage<Part> read(long after, long nowMs) {
    var answer = new CompletableFuture<Part>();
    synchronized (lock) {
      if (readers.size() >= READERS_MAX) {
        return CompletableFuture.failedStage(
            new ApiException(
                ApiError.server(429, "too_many_readers", "too many clients read this answer")
                    .retryAfter(WAIT_MS)));
      }
      readers.add(new Reader(after, nowMs, answer));
    }
    serve(nowMs, false);
    return answer;
  }

  /** Whether it has ended, and all of it is here. */
  boolean ended() {
    synchronized (lock) {
      return ended;
    }
  }

  /** Whether nobody has been there for as long as it is kept. */
  boolean over(long nowMs) {
    return aloneMs(nowMs) >= keepMs;
  }

  /** How long nobody has been there; negative while somebody is. */
  long aloneMs(long nowMs) {
    synchronized (lock) {
      return clientHere || !readers.isEmpty() ? -1 : nowMs - aloneSinceMs;
    }
  }

  /** Bytes kept. */
  long bytes() {
    synchronized (lock) {
      return log.bytes();
    }
  }

  private void serve(long nowMs, boolean evenEmpty) {
    var due = new ArrayList<Reader>();
    var parts = new ArrayList<@Nullable Part>();
    synchronized (lock) {
      for (var reader : List.copyOf(readers)) {
        var part = part(reader.after());
        boolean wait = part != null && part.bytes().length == 0 && !part.end();
        if (!wait || (evenEmpty && nowMs - reader.sinceMs() >= WAIT_MS)) {
          readers.remove(reader);
          aloneSinceMs = nowMs;
          due.add(reader);
          parts.add(part);
        }
      }
    }
    for (int i = 0; i < due.size(); i++) {
      answer(due.get(i).answer(), parts.get(i));
    }
  }

  private @Nullable Part part(long after) {
    var slice = log.after(after, KeptProtocol.PART_MAX);
    return slice == null
        ? null
        : new Part(head, slice.bytes(), slice.last(), ended && slice.last() == log.last());
  }

  private static void answer(CompletableFuture<Part> answer, @Nullable Part part) {
    if (part == null) {
      answer.completeExceptionally(
          new ApiException(
              ApiError.client(
                  410,
                  "events_gone",
                  "what follows that event is not kept any more; see broke.keep.answer-max")));
    } else {
      answer.complete(part);
    }
  }
}
