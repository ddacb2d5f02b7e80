package org.brokecluster.protocol.router;

import akka.actor.typed.ActorRef;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.NodeId;

/**
 * What a new router asks the coordinators before its first ticket, so that no term is taken twice:
 * each keeps the highest term it has heard of in its data folder.
 */
public interface TermProtocol {

  /** Anything a coordinator's witness answers. */
  sealed interface Command extends CborMessage permits Promise, Internal {}

  /** Root for messages a witness sends to itself; open so that they can stay private there. */
  non-sealed interface Internal extends Command {}

  /**
   * Keep this term unless a higher one is kept, then say what is kept.
   *
   * @param term the term about to be taken, or 0 to ask only
   */
  record Promise(long term, ActorRef<Promised> replyTo) implements Command {}

  /**
   * What one coordinator keeps.
   *
   * @param coordinator whose data folder it is
   * @param asked the term of the question
   * @param kept highest term it knows; never below {@code asked}
   * @param stored whether that is in the data folder and survives a crash
   */
  record Promised(NodeId coordinator, long asked, long kept, boolean stored)
      implements CborMessage {}
}
