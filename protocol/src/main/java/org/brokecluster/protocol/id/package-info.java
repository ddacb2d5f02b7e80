/** Typed identifiers: no method takes two strings that could be swapped. */
@NullMarked
package org.brokecluster.protocol.id;

import org.jspecify.annotations.NullMarked;
