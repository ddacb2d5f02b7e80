package org.brokecluster.protocol.state;

import akka.actor.typed.ActorRef;
import java.util.List;
import org.brokecluster.protocol.CborMessage;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.node.NodeProtocol;
import org.jspecify.annotations.Nullable;

/**
 * What seldom changes about a member, gossiped at most once in 5 s and at most 32 KiB.
 *
 * @param protocolVersion version of this record; readers ignore fields they do not know
 * @param memberUid uid of the cluster member's incarnation, so that an old entry is recognised
 * @param node where tickets go; absent on a member that runs no models
 * @param pid process id on its machine
 * @param address cluster address as host:port
 * @param http base address of its edge, if it has one
 * @param roles cluster roles
 * @param memoryBytes physical memory, 0 if unknown
 * @param modelsOmitted models left out because the entry would have grown too large
 * @param machine more about the machine; absent on a member that runs no models
 */
public record NodeFacts(
    int protocolVersion,
    NodeId name,
    long memberUid,
    @Nullable ActorRef<NodeProtocol.Command> node,
    long pid,
    String address,
    @Nullable String http,
    List<String> roles,
    boolean simulated,
    String chip,
    long memoryBytes,
    String version,
    List<ModelFacts> models,
    int modelsOmitted,
    @Nullable MachineFacts machine)
    implements CborMessage {
  /** Version written by this build. */
  public static final int PROTOCOL_VERSION = 1;

  /** Copies the lists. */
  public NodeFacts {
    roles = List.copyOf(roles);
    models = List.copyOf(models);
  }
}
