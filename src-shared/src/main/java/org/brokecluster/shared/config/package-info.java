/** Reads {@code cluster.conf} into settings records, and collects every problem on the way. */
@NullMarked
package org.brokecluster.shared.config;

import org.jspecify.annotations.NullMarked;
