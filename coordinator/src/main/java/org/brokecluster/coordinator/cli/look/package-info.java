/** Verbs that show the cluster and change nothing. */
@NullMarked
package org.brokecluster.coordinator.cli.look;

import org.jspecify.annotations.NullMarked;
