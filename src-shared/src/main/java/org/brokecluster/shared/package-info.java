/** What every process needs: the entry point, configuration, host and membership, telemetry. */
@NullMarked
package org.brokecluster.shared;

import org.jspecify.annotations.NullMarked;
