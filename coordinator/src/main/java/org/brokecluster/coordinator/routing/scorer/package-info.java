/** How good a candidate is: terms within 0 and 1, strategies that weigh them, quality. */
@NullMarked
package org.brokecluster.coordinator.routing.scorer;

import org.jspecify.annotations.NullMarked;
