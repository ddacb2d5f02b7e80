package org.brokecluster.node.runtime.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads numbers and texts as GGUF writes them. Not thread safe. */
final class LittleEndianInput implements AutoCloseable {
  /** Longest name of a key or tensor. */
  static final int NAME_MAX = 4096;

  /** No head is longer: beyond it a file is broken or means harm. */
  private static final long HEAD_MAX = 1L << 29;

  private final InputStream in;
  private long read;

  LittleEndianInput(InputStream in) {
    this.in = in;
  }

  int int32() throws IOException {
    return (int) number(Integer.BYTES);
  }

  long int64() throws IOException {
    return number(Long.BYTES);
  }

  /** A number of so many bytes, 1 to 8, without a sign but for the longest. */
  long number(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << (Byte.SIZE * i);
    }
    return value;
  }

  /** A text with its length before it; beyond {@code most} bytes it is an error. */
  String text(int most) throws IOException {
    long length = int64();
    if (length < 0 || length > most) {
      throw new IOException("a text in the head is too long");
    }
    count(length);
    var bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Leaves bytes out. */
  void skip(long bytes) throws IOException {
    if (bytes < 0) {
      throw new IOException("a length in the head is negative");
    }
    count(bytes);
    in.skipNBytes(bytes);
  }

  private int next() throws IOException {
    count(1);
    int value = in.read();
    if (value < 0) {
      throw new EOFException();
    }
    return value;
  }

  private void count(long bytes) throws IOException {
    read += bytes;
    if (read > HEAD_MAX) {
      throw new IOException("the head is longer than any model's");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
