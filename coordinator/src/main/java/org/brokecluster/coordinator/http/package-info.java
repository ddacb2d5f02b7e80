/** The HTTP edge: server, routes, and the wire format of OpenAI's API. */
@NullMarked
package org.brokecluster.coordinator.http;

import org.jspecify.annotations.NullMarked;
