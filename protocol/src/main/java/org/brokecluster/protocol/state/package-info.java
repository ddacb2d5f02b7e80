/** What nodes and the router tell everybody through Distributed Data. */
@NullMarked
package org.brokecluster.protocol.state;

import org.jspecify.annotations.NullMarked;
