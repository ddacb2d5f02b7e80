/**
 * What lies in the journal and how it gets there: numbered events in rows, checkpoints and gaps
 * beside them, one persistence id for each coordinator, term and day.
 */
@NullMarked
package org.brokecluster.coordinator.history.journal;

import org.jspecify.annotations.NullMarked;
