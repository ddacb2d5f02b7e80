package org.brokecluster.coordinator.request;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last pieces of one answer, numbered from 1, so that a reader can go on behind the last one it
 * has. Bounded by bytes: the oldest pieces go first, but the newest always stays. Pure and not
 * thread safe.
 */
final class EventLog {
  private static final byte[] ID = {'i', 'd', ':', ' '};

  private final long bytesMax;
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private long last;
  private long bytes;

  /**
   * What follows some piece.
   *
   * @param bytes whole pieces, in order
   * @param last number of the last of them, or of the one asked for if nothing follows
   */
  // Made for one reader, who may do with it what it likes.
  @SuppressWarnings("ArrayRecordComponent")
  record Slice(byte[] bytes, long last) {}

  /** An empty log that keeps about so many bytes. */
  EventLog(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Adds server-sent events, each of which ends with an empty line, and gives them back with their
   * numbers as {@code id:} lines.
   */
  byte[] events(byte[] source, int count) {
    var joined = new byte[0];
    int begin = 0;
    for (int at = 1; at < count; at++) {
      if (source[at] == '\n' && source[at - 1] == '\n') {
        var event = numbered(source, begin, at + 1, last + 1);
        piece(event);
        joined = begin == 0 ? event : joined(joined, event);
        begin = at + 1;
        at++;
      }
    }
    return joined;
  }

  private static byte[] numbered(byte[] source, int from, int to, long number) {
    var digits = Long.toString(number);
    int head = ID.length + digits.length() + 1;
    var event = new byte[head + to - from];
    System.arraycopy(ID, 0, event, 0, ID.length);
    for (int i = 0; i < digits.length(); i++) {
      event[ID.length + i] = (byte) digits.charAt(i);
    }
    event[head - 1] = '\n';
    System.arraycopy(source, from, event, head, to - from);
    return event;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    var both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Adds a piece as it is; the log keeps the array. */
  void piece(byte[] piece) {
    pieces.add(piece);
    bytes += piece.length;
    last++;
    while (bytes > bytesMax && pieces.size() > 1) {
      bytes -= pieces.remove().length;
    }
  }

  /**
   * What follows the piece with this number: as many whole pieces as fit, at least one if there is
   * one; null if some of that is not kept any more, or the number has never been given.
   */
  @Nullable Slice after(long number, int bytesWanted) {
    long dropped = last - pieces.size();
    if (number < dropped || number > last) {
      return null;
    }
    int skip = (int) (number - dropped);
    int taken = 0;
    int size = 0;
    for (var piece : pieces) {
      if (skip > 0) {
        skip--;
      } else if (taken > 0 && size + piece.length > bytesWanted) {
        break;
      } else {
        size += piece.length;
        taken++;
      }
    }
    return new Slice(copy((int) (number - dropped), taken, size), number + taken);
  }

  private byte[] copy(int from, int count, int size) {
    var copy = new byte[size];
    int index = 0;
    int at = 0;
    for (var piece : pieces) {
      if (index >= from && index < from + count) {
        System.arraycopy(piece, 0, copy, at, piece.length);
        at += piece.length;
      }
      index++;
    }
    return copy;
  }

  /** Number of the last piece, 0 if there is none. */
  long last() {
    return last;
  }

  /** Bytes kept. */
  long bytes() {
    return bytes;
  }
}
