/** How much each model is asked for: lately, and at which hours. */
@NullMarked
package org.brokecluster.coordinator.routing.demand;

import org.jspecify.annotations.NullMarked;
