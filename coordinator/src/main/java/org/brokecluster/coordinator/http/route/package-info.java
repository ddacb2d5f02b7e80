/** Which path and method does what, and who may call it. */
@NullMarked
package org.brokecluster.coordinator.http.route;

import org.jspecify.annotations.NullMarked;
