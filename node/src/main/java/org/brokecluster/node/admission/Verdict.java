package org.brokecluster.node.admission;

import org.brokecluster.protocol.node.NodeProtocol.TicketRefusal;

/** What becomes of a ticket. */
public sealed interface Verdict {

  /** The attempt is new and taken: collect its prompt. */
  record Admitted() implements Verdict {}

  /**
   * The attempt is open already and now runs under this ticket's number.
   *
   * @param stage how far it is, so that a new router can be told
   */
  record Again(Stage stage) implements Verdict {}

  /** How far an open attempt is, as far as its router is concerned. */
  enum Stage {
    /** It has no slot yet. */
    WAITING,
    /** It holds a slot. */
    RUNNING,
    /** It has given its slot back. */
    SLOT_FREED
  }

  /** The attempt has ended or was taken back before: nothing is to be made for it. */
  record Over() implements Verdict {}

  /**
   * Not taken.
   *
   * @param termSeen highest term this node has seen
   */
  record Refused(TicketRefusal reason, long termSeen) implements Verdict {}
}
