/**
 * What the verbs show: JSON read defensively, and figures, tables and progress as people read them.
 */
@NullMarked
package org.brokecluster.coordinator.cli.text;

import org.jspecify.annotations.NullMarked;
