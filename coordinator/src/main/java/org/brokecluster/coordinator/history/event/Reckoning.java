package org.brokecluster.coordinator.history.event;

import org.jspecify.annotations.Nullable;

/**
 * The predictions behind a decision before they were put right by what was learned; what is learned
 * next is measured against them.
 *
 * @param quality probability that the answer is good enough, 0 to 1
 * @param firstTokenMs to the first token, from the decision
 * @param finishMs to the last token, from the decision
 * @param because {@code exploring} or {@code staying} where that had the last word and not the
 *     score; else null
 */
public record Reckoning(
    double quality, long firstTokenMs, long finishMs, @Nullable String because) {}
