/** What this product's own endpoints answer, as records. */
@NullMarked
package org.brokecluster.coordinator.http.api;

import org.jspecify.annotations.NullMarked;
