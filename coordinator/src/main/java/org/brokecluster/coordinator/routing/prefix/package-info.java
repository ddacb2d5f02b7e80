/** What the prompt caches of the model servers hold, as far as the router can know. */
@NullMarked
package org.brokecluster.coordinator.routing.prefix;

import org.jspecify.annotations.NullMarked;
