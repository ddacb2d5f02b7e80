/** What the cluster-singleton router accepts, and the facts it decides from. */
@NullMarked
package org.brokecluster.protocol.router;

import org.jspecify.annotations.NullMarked;
