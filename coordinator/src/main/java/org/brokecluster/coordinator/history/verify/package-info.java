/** Proves that the stored events still lead to the states the live router had: pure functions. */
@NullMarked
package org.brokecluster.coordinator.history.verify;

import org.jspecify.annotations.NullMarked;
