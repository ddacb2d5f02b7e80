/** What every verb uses to find a cluster and to talk to it; its callers wait. */
@NullMarked
package org.brokecluster.coordinator.cli.client;

import org.jspecify.annotations.NullMarked;
