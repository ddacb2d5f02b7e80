/**
 * What happened, in the past tense: the versioned facts that the routing history keeps. They hold
 * technical facts only, never a prompt's or an answer's text.
 */
@NullMarked
package org.brokecluster.coordinator.history.event;

import org.jspecify.annotations.NullMarked;
