/** What a request asks for, resolved: which models are meant, which tier fits, what is needed. */
@NullMarked
package org.brokecluster.coordinator.routing.ask;

import org.jspecify.annotations.NullMarked;
