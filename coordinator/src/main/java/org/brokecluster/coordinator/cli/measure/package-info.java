/** Verbs that put a load on the cluster and tell what it does: in quiet, and under a fault. */
@NullMarked
package org.brokecluster.coordinator.cli.measure;

import org.jspecify.annotations.NullMarked;
