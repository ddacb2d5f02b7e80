/**
 * Prompts and answers that are kept because somebody said so: in tables of their own beside the
 * history, sealed with a key that lies in the data folder, with an age and a size of their own.
 * Nothing of them is ever in an event, a log line or a text of an object.
 */
@NullMarked
package org.brokecluster.coordinator.history.content;

import org.jspecify.annotations.NullMarked;
