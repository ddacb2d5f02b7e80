package org.brokecluster.coordinator.request;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What every request of an edge shares.
 *
 * @param totalMax longest a request may take if its client does not say
 * @param clock monotonic milliseconds
 */
record RequestContext(
    RequestRegistry registry,
    ReportOutbox outbox,
    LifeLimits limits,
    Duration totalMax,
    LongSupplier clock) {}
