package org.brokecluster.protocol.id;

/**
 * One try at answering a request on one node. Submit and ticket are idempotent by this id.
 *
 * @param request the request that is tried
 * @param number 1 for the first attempt, counted up by the edge
 */
public record AttemptId(RequestId request, int number) implements Comparable<AttemptId> {
  /** Refuses a number below 1. */
  public AttemptId {
    if (number < 1) {
      throw new IllegalArgumentException("attempt number must be at least 1: " + number);
    }
  }

  /** The attempt that follows this one. */
  public AttemptId next() {
    return new AttemptId(request, number + 1);
  }

  @Override
  public int compareTo(AttemptId other) {
    int byRequest = request.compareTo(other.request);
    return byRequest != 0 ? byRequest : Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return request.value() + "/" + number;
  }
}
