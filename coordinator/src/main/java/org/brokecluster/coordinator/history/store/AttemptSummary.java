package org.brokecluster.coordinator.history.store;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of a request in one line. Filled by {@link SummaryFold}, kept by {@link
 * AttemptTable}; mutable inside the one projector that owns it.
 *
 * <p>States are {@code open}, {@code completed}, {@code failed}, {@code cancelled} and {@code
 * handed-over}.
 */
final class AttemptSummary {
  final int number;
  String state = RequestSummary.OPEN;
  @Nullable String model;
  @Nullable String node;
  @Nullable String tier;
  @Nullable String strategy;
  @Nullable String failure;
  @Nullable Double quality;
  @Nullable String qualityBasis;

  /** When it was placed, in milliseconds since 1970. */
  @Nullable Long begunAt;

  /** From there to its end. */
  @Nullable Long tookMs;

  @Nullable Long firstTokenMs;
  @Nullable Long decodeMs;
  long promptTokens;
  long completionTokens;

  /** What it cost, in the currency of the configuration; nobody knows yet. */
  @Nullable Double cost;

  boolean inTable;
  boolean changed;

  AttemptSummary(int number) {
    this.number = number;
  }
}
