/** How many retries the cluster affords. */
@NullMarked
package org.brokecluster.coordinator.routing.retry;

import org.jspecify.annotations.NullMarked;
