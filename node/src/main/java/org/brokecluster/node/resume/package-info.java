/** Going on with an answer that broke off elsewhere: what the runtime is asked, what is let out. */
@NullMarked
package org.brokecluster.node.resume;

import org.jspecify.annotations.NullMarked;
