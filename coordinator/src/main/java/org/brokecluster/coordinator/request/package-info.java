/** The life of one client request at the edge: attempts, emitted text, what next. */
@NullMarked
package org.brokecluster.coordinator.request;

import org.jspecify.annotations.NullMarked;
