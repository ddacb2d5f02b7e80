/** A Mac that runs models: admits tickets, drives runtimes, streams tokens to edges. */
@NullMarked
package org.brokecluster.node;

import org.jspecify.annotations.NullMarked;
