/**
 * The pure core of routing: profile, filters, scorers, pick, ledger and queue. No actor, no clock,
 * no randomness, no I/O: time and seeds come in as arguments, so that the live router, the replay,
 * the simulator and the tests decide alike.
 */
@NullMarked
package org.brokecluster.coordinator.routing;

import org.jspecify.annotations.NullMarked;
