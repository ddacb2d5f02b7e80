/**
 * When a node had better not work: sleep that is announced, an empty battery, memory that is short.
 */
@NullMarked
package org.brokecluster.node.away;

import org.jspecify.annotations.NullMarked;
