/** What an edge hears from the router and from nodes about its requests. */
@NullMarked
package org.brokecluster.protocol.edge;

import org.jspecify.annotations.NullMarked;
