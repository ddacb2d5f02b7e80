package org.brokecluster.coordinator.history.verify;

import org.jspecify.annotations.Nullable;

/**
 * What verification found in one term.
 *
 * @param events events read
 * @param missing events the writer recorded as never stored
 * @param checkpoints checkpoints that were compared and agreed
 * @param differsAt first event number at which something is wrong, or null
 * @param reason what is wrong or cannot be compared, or null
 */
public record TermReport(
    long term,
    String coordinator,
    long events,
    long missing,
    long checkpoints,
    VerificationReport.Result result,
    @Nullable Long differsAt,
    @Nullable String reason) {}
