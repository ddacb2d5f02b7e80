/** Reasons why a model on a node cannot take a request at all, or not now. */
@NullMarked
package org.brokecluster.coordinator.routing.filter;

import org.jspecify.annotations.NullMarked;
