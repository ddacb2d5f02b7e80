package org.brokecluster.coordinator.request;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.brokecluster.protocol.id.NodeId;

/**
 * What every request of an edge shares.
 *
 * @param rescue how answers go on that broke off
 * @param simulated whether a node's answers are simulated, and so the same each time
 * @param totalMax longest a request may take if its client does not say
 * @param clock monotonic milliseconds
 */
record RequestContext(
    RequestRegistry registry,
    ReportOutbox outbox,
    LifeLimits limits,
    RescueSettings rescue,
    Predicate<NodeId> simulated,
    Duration totalMax,
    LongSupplier clock) {}
