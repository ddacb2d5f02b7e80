/**
 * Circuit breakers for models on nodes. The live router and the fold of its recorded events run the
 * same class, so that the one's breakers follow from the other's events.
 */
@NullMarked
package org.brokecluster.coordinator.breaker;

import org.jspecify.annotations.NullMarked;
