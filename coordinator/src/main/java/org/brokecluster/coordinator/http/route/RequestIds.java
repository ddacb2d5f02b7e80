package org.brokecluster.coordinator.http.route;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.brokecluster.protocol.id.RequestId;

/**
 * Makes ids of requests: 64 random bits drawn at start, so that no two processes ever share one,
 * and a counter. Thread safe.
 */
public final class RequestIds {
  private static final int RADIX = 36;

  private final String process = Long.toUnsignedString(new SecureRandom().nextLong(), RADIX);
  private final AtomicLong count = new AtomicLong();

  /** A new id, such as {@code r3w5e11264sgsf-7}. */
  public RequestId next() {
    return RequestId.of(process + "-" + Long.toString(count.incrementAndGet(), RADIX));
  }
}
