package org.brokecluster.shared.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.NodeId;

/**
 * What the command line and {@code cluster.conf} say about this host.
 *
 * @param name this host's node name
 * @param roles any of {@code edge}, {@code node}, {@code coordinator}
 * @param dataDir where everything this host keeps is kept
 * @param bind address the HTTP edge listens on
 * @param port HTTP port, 0 for a free one
 * @param clusterBind address the cluster listens on
 * @param clusterPort cluster port by which the others reach this host, 0 for a free one
 * @param listenPort port it listens on where that is another one; 0 where it is the same
 * @param join cluster addresses (host:port) of members to join; empty on a founder
 * @param coordinators names of the coordinators: the founder alone, or three
 */
public record HostSettings(
    NodeId name,
    Set<String> roles,
    Path dataDir,
    String bind,
    int port,
    String clusterBind,
    int clusterPort,
    int listenPort,
    List<String> join,
    List<String> coordinators) {
  /** Role of a host that serves HTTP clients. */
  public static final String EDGE = "edge";

  /** Role of a host that runs models. */
  public static final String NODE = "node";

  /** Role of a host that can run the router and keeps the history. */
  public static final String COORDINATOR = "coordinator";

  /** Copies the collections. */
  public HostSettings {
    roles = Set.copyOf(roles);
    join = List.copyOf(join);
    coordinators = List.copyOf(coordinators);
  }

  /** Whether this host has the role. */
  public boolean has(String role) {
    return roles.contains(role);
  }
}
