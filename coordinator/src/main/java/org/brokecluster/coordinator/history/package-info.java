/** The routing history: stores events in the background, folds them, and proves the fold. */
@NullMarked
package org.brokecluster.coordinator.history;

import org.jspecify.annotations.NullMarked;
