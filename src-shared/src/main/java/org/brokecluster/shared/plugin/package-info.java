/** Parts that other jars bring along. */
@NullMarked
package org.brokecluster.shared.plugin;

import org.jspecify.annotations.NullMarked;
