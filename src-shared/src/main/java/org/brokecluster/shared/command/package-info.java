/** Asking the operating system by its own commands. */
@NullMarked
package org.brokecluster.shared.command;

import org.jspecify.annotations.NullMarked;
