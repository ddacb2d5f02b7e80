/** The router singleton: a thin actor around the pure core, and its view of the cluster. */
@NullMarked
package org.brokecluster.coordinator.router;

import org.jspecify.annotations.NullMarked;
