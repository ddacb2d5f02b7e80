/** Work in flight: every ticket that is out, and how it agrees with what the nodes report. */
@NullMarked
package org.brokecluster.coordinator.routing.ledger;

import org.jspecify.annotations.NullMarked;
