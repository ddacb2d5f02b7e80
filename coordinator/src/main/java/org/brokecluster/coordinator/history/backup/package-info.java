/**
 * A history as a file: what its lines are, and how a file is proved whole before anything is
 * written from it. Knows no database.
 */
@NullMarked
package org.brokecluster.coordinator.history.backup;

import org.jspecify.annotations.NullMarked;
