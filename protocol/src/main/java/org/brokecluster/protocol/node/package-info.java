/** What a node accepts, and the tokens it sends. */
@NullMarked
package org.brokecluster.protocol.node;

import org.jspecify.annotations.NullMarked;
