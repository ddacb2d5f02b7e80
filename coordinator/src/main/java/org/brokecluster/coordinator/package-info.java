/** The router singleton, the routing history, the HTTP edge and the command line. */
@NullMarked
package org.brokecluster.coordinator;

import org.jspecify.annotations.NullMarked;
