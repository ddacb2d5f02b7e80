package org.brokecluster.node.runtime.answer;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects bytes and gives them back line by line, so that an event or a character cut in two by
 * the network comes out whole. Not thread safe.
 */
final class LineBuffer {
  private static final int FIRST_SIZE = 8 * 1024;
  private static final int KEEP_SIZE = 64 * 1024;

  private final int longest;
  private byte[] bytes = new byte[FIRST_SIZE];
  private int start;
  private int end;
  private int scanned;
  private int lineFrom;
  private int lineTo;

  /** Refuses to collect more than {@code longest} bytes that are not yet taken. */
  LineBuffer(int longest) {
    this.longest = longest;
  }

  /** Adds bytes; false, and none is taken, if that is more than may be collected. */
  boolean add(ByteBuffer more) {
    int length = more.remaining();
    if (end - start + length > longest) {
      return false;
    }
    makeRoom(length);
    more.get(bytes, end, length);
    end += length;
    return true;
  }

  /** Moves to the next whole line; false if there is none yet. */
  boolean nextLine() {
    for (int at = Math.max(start, scanned); at < end; at++) {
      if (bytes[at] == '\n') {
        take(at, at + 1);
        return true;
      }
    }
    scanned = end;
    return false;
  }

  /** Moves to whatever is left, as a last line without an end; false if nothing is. */
  boolean lastLine() {
    if (start == end) {
      return false;
    }
    take(end, end);
    return true;
  }

  /** The array the current line lies in, valid until the next call of another method. */
  byte[] array() {
    return bytes;
  }

  /** First byte of the current line. */
  int from() {
    return lineFrom;
  }

  /** Byte behind the current line, its end of line left out. */
  int to() {
    return lineTo;
  }

  /** All bytes that were not taken as lines. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, start, end);
  }

  private void take(int to, int next) {
    lineFrom = start;
    lineTo = to > start && bytes[to - 1] == '\r' ? to - 1 : to;
    start = next;
    scanned = next;
  }

  private void makeRoom(int more) {
    if (start == end) {
      start = 0;
      end = 0;
      scanned = 0;
      if (bytes.length > KEEP_SIZE) {
        bytes = new byte[FIRST_SIZE];
      }
    }
    if (end + more > bytes.length) {
      int held = end - start;
      var target =
          held + more > bytes.length ? new byte[Math.max(held + more, bytes.length * 2)] : bytes;
      System.arraycopy(bytes, start, target, 0, held);
      bytes = target;
      scanned -= start;
      start = 0;
      end = held;
    }
  }
}
