/** The port to local inference engines; one sub-package for each kind of runtime. */
@NullMarked
package org.brokecluster.node.runtime;

import org.jspecify.annotations.NullMarked;
