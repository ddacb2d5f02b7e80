package org.brokecluster.protocol.state;

import java.util.List;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What changes all the time about a node, gossiped on change, at most 4 times a second.
 *
 * @param sequence counts this incarnation's reports, from 1
 * @param termSeen highest router term this node has seen
 * @param ticketSeen highest ticket number of that term this node has handled
 * @param openTickets numbers of that term's tickets that are running or waiting here
 * @param memoryFreeBytes memory a further model could take, 0 if unknown
 * @param memoryWarning whether models fill nearly all the memory they may take
 * @param draining takes no new work
 * @param machine how the machine is; absent where it only pretends to be one
 * @param away why it takes no new work, in a few words; absent while it does
 */
public record NodeLoad(
    int protocolVersion,
    NodeId name,
    long memberUid,
    long sequence,
    long termSeen,
    long ticketSeen,
    List<Long> openTickets,
    long memoryFreeBytes,
    boolean memoryWarning,
    boolean draining,
    List<ModelLoad> models,
    @Nullable MachineLoad machine,
    @Nullable String away)
    implements CborMessage {
  /** Copies the lists. */
  public NodeLoad {
    openTickets = List.copyOf(openTickets);
    models = List.copyOf(models);
  }
}
