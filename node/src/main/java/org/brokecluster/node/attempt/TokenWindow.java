package org.brokecluster.node.attempt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.node.TokenChunk;
import org.jspecify.annotations.Nullable;

/**
 * Tokens on their way to the edge. While fewer batches than the window allows are unacknowledged,
 * chunks go out as they come; otherwise they gather, neighbours of a kind as one, up to a bound.
 *
 * <p>Pure and not thread safe.
 */
public final class TokenWindow {
  /** What adding did. */
  public enum Added {
    /** There is room. */
    FITS,
    /** The bound is passed: the client reads more slowly than may be. */
    FULL,
    /** A chunk that cannot be split is too large for a message. */
    UNSENDABLE
  }

  /** What a chunk weighs besides its text, roughly its objects on the heap. */
  private static final int CHUNK_OVERHEAD = 64;

  /** Largest text that is sent in one piece where it cannot be split. */
  private static final int UNSPLIT_MAX = 128 * 1024;

  private final StreamSettings settings;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private @Nullable Merge tail;
  private long weight;
  private long sent;
  private long acked;
  private int batchTokens;

  /** A chunk with the number of pieces of text that are in it. */
  private record Waiting(TokenChunk chunk, int tokens) {}

  /** Nothing sent yet. */
  public TokenWindow(StreamSettings settings) {
    this.settings = settings;
  }

  /** Takes a chunk. After anything but {@link Added#FITS} the stream is to be given up. */
  public Added add(TokenChunk chunk) {
    return add(chunk, chunk.isText() ? 1 : 0);
  }

  private Added add(TokenChunk chunk, int tokens) {
    int bytes = Utf8.length(chunk.text());
    if (bytes > settings.batchBytes()) {
      if (chunk.kind() != TokenChunk.Kind.LOGPROBS) {
        return addSplit(chunk, tokens);
      }
      if (bytes > UNSPLIT_MAX) {
        return Added.UNSENDABLE;
      }
    }
    if (isOpen() || !mergeable(chunk)) {
      flushTail();
      waiting.add(new Waiting(chunk, tokens));
      weight += bytes + CHUNK_OVERHEAD;
    } else {
      merge(chunk, tokens, bytes);
    }
    return full() ? Added.FULL : Added.FITS;
  }

  private Added addSplit(TokenChunk chunk, int tokens) {
    boolean first = true;
    var added = Added.FITS;
    for (var text : Utf8.split(chunk.text(), settings.batchBytes())) {
      var id = first ? chunk.id() : null;
      var name = first ? chunk.name() : null;
      int counted = first ? tokens : 0;
      first = false;
      added = add(new TokenChunk(chunk.kind(), chunk.index(), id, name, text), counted);
    }
    return added;
  }

  private static boolean mergeable(TokenChunk chunk) {
    return chunk.kind() != TokenChunk.Kind.LOGPROBS;
  }

  private void merge(TokenChunk chunk, int tokens, int bytes) {
    var into = tail;
    if (into == null || !into.takes(chunk, bytes, settings.batchBytes())) {
      flushTail();
      into = new Merge(chunk);
      tail = into;
      weight += CHUNK_OVERHEAD;
    }
    into.append(chunk.text(), tokens, bytes);
    weight += bytes;
  }

  private void flushTail() {
    if (tail != null) {
      waiting.add(new Waiting(tail.chunk(), tail.tokens));
      tail = null;
    }
  }

  /** The next batch to send, numbered {@link #sequence()} by it; null if there is none to send. */
  public @Nullable List<TokenChunk> next() {
    if (!isOpen()) {
      return null;
    }
    flushTail();
    if (waiting.isEmpty()) {
      return null;
    }
    var batch = new ArrayList<TokenChunk>(Math.min(waiting.size(), settings.batchChunks()));
    int bytes = 0;
    batchTokens = 0;
    var next = waiting.peek();
    while (next != null && batch.size() < settings.batchChunks()) {
      int more = Utf8.length(next.chunk().text());
      if (!batch.isEmpty() && bytes + more > settings.batchBytes()) {
        break;
      }
      batch.add(next.chunk());
      batchTokens += next.tokens();
      waiting.remove();
      bytes += more;
      weight -= more + CHUNK_OVERHEAD;
      next = waiting.peek();
    }
    sent++;
    return batch;
  }

  /** Takes a cumulative acknowledgement; one that says nothing new or too much is ignored. */
  public boolean ack(long sequence) {
    if (sequence <= acked || sequence > sent) {
      return false;
    }
    acked = sequence;
    return true;
  }

  /** Pieces of text in the latest batch, as the runtime made them; at least its chunks of text. */
  public int tokens() {
    return batchTokens;
  }

  /** Batches sent so far. */
  public long sequence() {
    return sent;
  }

  /** Whether everything given has been sent. */
  public boolean allSent() {
    return waiting.isEmpty() && tail == null;
  }

  /** Batches sent and not acknowledged. */
  public long outstanding() {
    return sent - acked;
  }

  /** Whether more waits than may be. */
  public boolean full() {
    return weight > settings.bufferBytes();
  }

  /** Bytes that wait for the window, with what their chunks cost. */
  public long buffered() {
    return weight;
  }

  private boolean isOpen() {
    return outstanding() < settings.window();
  }

  /** Neighbouring chunks of a kind that are sent as one. */
  private static final class Merge {
    private final TokenChunk head;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private int bytes;

    private Merge(TokenChunk head) {
      this.head = head;
    }

    private boolean takes(TokenChunk chunk, int more, int max) {
      return chunk.kind() == head.kind()
          && chunk.index() == head.index()
          && chunk.id() == null
          && chunk.name() == null
          && bytes + more <= max;
    }

    private void append(String more, int moreTokens, int moreBytes) {
      text.append(more);
      tokens += moreTokens;
      bytes += moreBytes;
    }

    private TokenChunk chunk() {
      return new TokenChunk(head.kind(), head.index(), head.id(), head.name(), text.toString());
    }
  }
}
