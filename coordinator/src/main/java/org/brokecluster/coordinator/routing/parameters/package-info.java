/** What is filled in where a client left open how its answer is to be made. */
@NullMarked
package org.brokecluster.coordinator.routing.parameters;

import org.jspecify.annotations.NullMarked;
