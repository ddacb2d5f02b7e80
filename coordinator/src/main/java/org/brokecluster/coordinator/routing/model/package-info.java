/** The trained model: features of a prompt, and what follows from them by a table of weights. */
@NullMarked
package org.brokecluster.coordinator.routing.model;

import org.jspecify.annotations.NullMarked;
