/** How files of the data folder and of users are written. */
@NullMarked
package org.brokecluster.shared.file;

import org.jspecify.annotations.NullMarked;
