package org.brokecluster.protocol.router;

/**
 * The intervals within which the times of an answer are expected, from the decision, in
 * milliseconds; how many of ten answers keep them is set where they are made.
 *
 * @param firstTokenLowMs the first token seldom comes sooner
 * @param firstTokenHighMs nor later
 * @param finishLowMs the last token seldom comes sooner
 * @param finishHighMs nor later
 */
public record Promise(
    long firstTokenLowMs, long firstTokenHighMs, long finishLowMs, long finishHighMs) {}
