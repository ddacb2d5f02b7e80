/** Trains the model that estimates prompts from public data, and measures it. */
@NullMarked
package org.brokecluster.training;

import org.jspecify.annotations.NullMarked;
