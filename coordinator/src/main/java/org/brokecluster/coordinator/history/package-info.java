/**
 * The routing history: what the router did, stored in the background, folded, and proven.
 *
 * <pre>
 * router ─ emit ─▶ HistoryWriter ─ inbox ─▶ WriterActor ─ rows ─▶ TermJournal ─▶ H2 file
 *                  (numbers events)         (TermLog: fold,        (event-sourced,   ▲   │
 *                                            checkpoints, backlog)  one id a day)    │   │
 *                                                 └─ stored rows ─▶ ProjectionActor ─┘   │
 * edges ─ HistoryProtocol ─▶ HistoryActor ─ flush, then ask ─▶ HistoryReader, Verification ◀┘
 * </pre>
 *
 * <p>{@code fold} is the state of record, {@code journal} what is stored, {@code verify} the proof,
 * {@code store} the database, {@code event} the facts. Only {@link
 * org.brokecluster.coordinator.history.RoutingHistory} is needed from outside.
 */
@NullMarked
package org.brokecluster.coordinator.history;

import org.jspecify.annotations.NullMarked;
