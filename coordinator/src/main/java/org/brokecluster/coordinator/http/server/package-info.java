/** The listening socket, its connections, and the limits of both. */
@NullMarked
package org.brokecluster.coordinator.http.server;

import org.jspecify.annotations.NullMarked;
