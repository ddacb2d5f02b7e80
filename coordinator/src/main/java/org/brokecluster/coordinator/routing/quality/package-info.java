/** How likely the answer of a model is good enough, before it is made. */
@NullMarked
package org.brokecluster.coordinator.routing.quality;

import org.jspecify.annotations.NullMarked;
