/**
 * Collected prompts and answers as training data: how they are written down, read, and cleared of
 * secrets. Pure: knows no actor, clock, file or database.
 */
@NullMarked
package org.brokecluster.coordinator.collect;

import org.jspecify.annotations.NullMarked;
