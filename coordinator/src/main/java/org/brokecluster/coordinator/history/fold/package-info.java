/**
 * The state of record: one pure function from a term's numbered events to counters, open requests,
 * members and learned speeds. The live writer and the replay use the same class, so that their
 * states can be compared bit by bit.
 */
@NullMarked
package org.brokecluster.coordinator.history.fold;

import org.jspecify.annotations.NullMarked;
