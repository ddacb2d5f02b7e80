/** Finds model servers that run on this machine already, by their usual ports. */
@NullMarked
package org.brokecluster.node.detect;

import org.jspecify.annotations.NullMarked;
