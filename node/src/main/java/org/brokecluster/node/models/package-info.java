/** The models of all runtimes of this host: where each stands, who uses it, how fast it is. */
@NullMarked
package org.brokecluster.node.models;

import org.jspecify.annotations.NullMarked;
