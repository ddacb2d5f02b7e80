/**
 * A runtime that runs no model: it has the memory, load times and speeds of a named chip and named
 * models, says plainly that it is simulated, and fails on command.
 */
@NullMarked
package org.brokecluster.node.runtime.simulated;

import org.jspecify.annotations.NullMarked;
