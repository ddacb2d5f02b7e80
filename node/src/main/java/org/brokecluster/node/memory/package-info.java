/**
 * One account of the memory that models may take on this machine, shared by every runtime that
 * starts processes here. What is decided is pure; the ledger only guards it against threads.
 */
@NullMarked
package org.brokecluster.node.memory;

import org.jspecify.annotations.NullMarked;
