package org.brokecluster.coordinator.http.openai;

/** How freely a cut answer may be continued. */
public enum Rescue {
  /** Only where the result cannot be told from an answer that was never cut. */
  STRICT,
  /** By any means that keeps the text whole; the default. */
  BEST_EFFORT
}
