/** Which models should be in memory where: a plan with its reasons, and what came of it. */
@NullMarked
package org.brokecluster.coordinator.routing.placement;

import org.jspecify.annotations.NullMarked;
