/** Faults played on purpose: what stands between a node and the others meanwhile. */
@NullMarked
package org.brokecluster.node.drill;

import org.jspecify.annotations.NullMarked;
