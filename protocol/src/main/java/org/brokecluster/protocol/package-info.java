/**
 * What crosses a process boundary: ids, messages and gossiped state, as records without behaviour
 * beyond small questions about themselves. Depends on none of our other modules.
 */
@NullMarked
package org.brokecluster.protocol;

import org.jspecify.annotations.NullMarked;
