/** The facts about the machine a node runs on. */
@NullMarked
package org.brokecluster.node.hardware;

import org.jspecify.annotations.NullMarked;
