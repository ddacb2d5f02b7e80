/** The edge as a part of a host: puts server, requests, cluster view and router proxy together. */
@NullMarked
package org.brokecluster.coordinator.edge;

import org.jspecify.annotations.NullMarked;
