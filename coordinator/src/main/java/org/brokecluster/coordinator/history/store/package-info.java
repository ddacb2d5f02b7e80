/**
 * The database of the routing history: opening it, its schema, reading rows of the journal, and the
 * table of requests that is made from them. Everything here that touches JDBC blocks and runs on
 * the history's own dispatcher, never on an actor's thread.
 */
@NullMarked
package org.brokecluster.coordinator.history.store;

import org.jspecify.annotations.NullMarked;
