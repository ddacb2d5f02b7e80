/** Verbs that ask for an answer, and for the reason behind one. */
@NullMarked
package org.brokecluster.coordinator.cli.ask;

import org.jspecify.annotations.NullMarked;
