/** What a prompt demands: estimated from its text at the edge, handed on as numbers only. */
@NullMarked
package org.brokecluster.coordinator.routing.profile;

import org.jspecify.annotations.NullMarked;
