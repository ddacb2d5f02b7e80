package org.brokecluster.coordinator.http.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 as strictly as RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
 */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** The bit of each byte that ASCII never has. */
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Position of the first byte that is not part of valid UTF-8, or -1 if all are. */
  static int firstInvalid(byte[] bytes) {
    int end = bytes.length;
    int i = skipAscii(bytes, 0, end);
    while (i < end) {
      int width = bytes[i] >= 0 ? 1 : width(bytes, i, end);
      if (width == 0) {
        return i;
      }
      i = skipAscii(bytes, i + width, end);
    }
    return -1;
  }

  /** Position from which the next eight bytes are not all ASCII, or too few are left. */
  private static int skipAscii(byte[] bytes, int from, int end) {
    int i = from;
    while (end - i >= Long.BYTES && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
      i += Long.BYTES;
    }
    return i;
  }

  private static int width(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xFF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      return follows(bytes, at, end, 1, 0x80, 0xBF) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      int low = lead == 0xE0 ? 0xA0 : 0x80;
      int high = lead == 0xED ? 0x9F : 0xBF;
      return follows(bytes, at, end, 2, low, high) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
      int low = lead == 0xF0 ? 0x90 : 0x80;
      int high = lead == 0xF4 ? 0x8F : 0xBF;
      return follows(bytes, at, end, 3, low, high) ? 4 : 0;
    }
    return 0;
  }

  /** Whether {@code count} continuation bytes follow, the first of them within the bounds. */
  private static boolean follows(byte[] bytes, int at, int end, int count, int low, int high) {
    if (at + count > end - 1) {
      return false;
    }
    int first = bytes[at + 1] & 0xFF;
    boolean valid = first >= low && first <= high;
    for (int i = 2; i <= count; i++) {
      valid &= (bytes[at + i] & 0xC0) == 0x80;
    }
    return valid;
  }
}
