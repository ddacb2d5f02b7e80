/** Decides which tickets a node takes, who gets a slot, and whose edge is gone. Pure. */
@NullMarked
package org.brokecluster.node.admission;

import org.jspecify.annotations.NullMarked;
