/** Verbs about what was asked before: its requests, its backup, and playing it again. */
@NullMarked
package org.brokecluster.coordinator.cli.history;

import org.jspecify.annotations.NullMarked;
