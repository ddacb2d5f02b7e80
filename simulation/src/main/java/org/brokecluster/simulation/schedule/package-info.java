/**
 * The scheduling benchmark: recorded and generated loads on fleets of Macs under virtual time,
 * placed by the production router or by a rival policy.
 */
@NullMarked
package org.brokecluster.simulation.schedule;

import org.jspecify.annotations.NullMarked;
