/** Questions to the routing history of a coordinator. */
@NullMarked
package org.brokecluster.protocol.history;

import org.jspecify.annotations.NullMarked;
