/**
 * Two lifetimes: the host (one JVM: HTTP server, runtimes, database) and the membership (a
 * clustered actor system inside it that can be replaced without touching the host).
 */
@NullMarked
package org.brokecluster.shared.host;

import org.jspecify.annotations.NullMarked;
