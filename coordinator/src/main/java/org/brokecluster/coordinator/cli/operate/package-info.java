/** Verbs that change the running cluster: its strategy, its machines and their models. */
@NullMarked
package org.brokecluster.coordinator.cli.operate;

import org.jspecify.annotations.NullMarked;
