/** Writing JSON straight into bytes, for what is written once for each token. */
@NullMarked
package org.brokecluster.coordinator.http.json;

import org.jspecify.annotations.NullMarked;
