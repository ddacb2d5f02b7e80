/** Requests that wait for a slot: bounded, in order of class and arrival. */
@NullMarked
package org.brokecluster.coordinator.routing.queue;

import org.jspecify.annotations.NullMarked;
