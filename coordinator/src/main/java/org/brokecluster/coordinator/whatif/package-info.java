/**
 * What would have happened otherwise: recorded requests played again through the router's own core,
 * in virtual time, on simulated nodes that are as fast as the recorded ones were. Pure but for the
 * settings it is given.
 */
@NullMarked
package org.brokecluster.coordinator.whatif;

import org.jspecify.annotations.NullMarked;
