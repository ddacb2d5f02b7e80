/** Verbs about this machine: what is wrong with it, and a rehearsal for the launcher. */
@NullMarked
package org.brokecluster.coordinator.cli.installation;

import org.jspecify.annotations.NullMarked;
