/** What {@code ./broke doctor} looks at: each module brings its own checks. */
@NullMarked
package org.brokecluster.shared.doctor;

import org.jspecify.annotations.NullMarked;
