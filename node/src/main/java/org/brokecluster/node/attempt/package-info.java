/** The parts of one attempt: its prompt as it comes in, its tokens as they go out, its times. */
@NullMarked
package org.brokecluster.node.attempt;

import org.jspecify.annotations.NullMarked;
