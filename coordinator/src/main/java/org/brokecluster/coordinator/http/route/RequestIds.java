package org.brokecluster.coordinator.http.route;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.protocol.id.RequestId;

/**
 * Makes ids of requests: 64 random bits drawn at start, so that no two processes ever share one,
 * and a counter. The first part tells which process a request belongs to. Thread safe.
 */
public final class RequestIds {
  private static final int RADIX = 36;

  private final String process = Long.toUnsignedString(new SecureRandom().nextLong(), RADIX);
  private final AtomicLong count = new AtomicLong();

  /** A new id, such as {@code r3w5e11264sgsf-7}. */
  public RequestId next() {
    return RequestId.of(process + "-" + Long.toString(count.incrementAndGet(), RADIX));
  }

  /** What every id made here begins with. */
  public String process() {
    return process;
  }

  /** The process that made an id. */
  public static String processOf(RequestId id) {
    int dash = id.value().lastIndexOf('-');
    return dash < 0 ? "" : id.value().substring(0, dash);
  }

  /** Whether this id was made here. */
  public boolean made(RequestId id) {
    if (!processOf(id).equals(process)) {
      return false;
    }
    try {
      long number = Long.parseLong(id.value().substring(process.length() + 1), RADIX);
      return number > 0 && number <= count.get();
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
