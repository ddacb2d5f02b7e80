/** The verb about prompts and answers that are kept as a data set. */
@NullMarked
package org.brokecluster.coordinator.cli.collect;

import org.jspecify.annotations.NullMarked;
