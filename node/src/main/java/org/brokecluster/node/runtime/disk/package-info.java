/**
 * Models as they lie on this disk: where they are looked for, what their files tell, and why some
 * cannot be used. Everything here was written by strangers: sizes are bounded, links are followed
 * to plain files only, and a broken model costs nobody but itself.
 */
@NullMarked
package org.brokecluster.node.runtime.disk;

import org.jspecify.annotations.NullMarked;
