/**
 * The command line: the root command, the verbs that start a process, and the contract by which
 * other modules add theirs. Nothing here may load Akka unless a process is really started.
 */
@NullMarked
package org.brokecluster.shared.cli;

import org.jspecify.annotations.NullMarked;
