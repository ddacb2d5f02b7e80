/**
 * Server processes that the node starts itself, one for each loaded model: how they are started,
 * proven, watched, restarted and ended, so that none is left behind. What decides is {@link
 * org.brokecluster.node.runtime.process.ProcessLife}; it knows no clock and no process.
 */
@NullMarked
package org.brokecluster.node.runtime.process;

import org.jspecify.annotations.NullMarked;
