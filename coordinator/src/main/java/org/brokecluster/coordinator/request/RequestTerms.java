package org.brokecluster.coordinator.request;

import org.brokecluster.protocol.id.RequestId;

/**
 * What is agreed for one request.
 *
 * @param body the client's JSON body, never written to
 * @param keepSeconds how long the answer goes on without its client; 0 to stop when it is gone
 * @param maxMs how long the client is willing to wait, from the start
 * @param rules how the answer may go on after a break
 */
// The body is handed over: a copy of megabytes would buy nothing.
@SuppressWarnings("ArrayRecordComponent")
public record RequestTerms(
    RequestId request,
    byte[] body,
    int keepSeconds,
    long maxMs,
    RescueRules rules,
    LifeLimits limits) {
  /** Shows the length only: prompts never reach a log. */
  @Override
  public String toString() {
    return "RequestTerms[%s %d bytes, keep %d s, at most %d ms]"
        .formatted(request, body.length, keepSeconds, maxMs);
  }
}
