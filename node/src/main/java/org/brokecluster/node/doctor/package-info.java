/** What keeps people from a working node: runtimes, models, disk, memory, sleep, heat. */
@NullMarked
package org.brokecluster.node.doctor;

import org.jspecify.annotations.NullMarked;
