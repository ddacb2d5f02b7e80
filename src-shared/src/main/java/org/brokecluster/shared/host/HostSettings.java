package org.brokecluster.shared.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.shared.config.SettingsReader;

/**
 * What the command line and {@code cluster.conf} say about this host.
 *
 * @param name this host's node name
 * @param roles any of {@code edge}, {@code node}, {@code coordinator}
 * @param dataDir where everything this host keeps is kept
 * @param bind address the HTTP edge listens on
 * @param port HTTP port, 0 for a free one
 * @param clusterBind address the cluster listens on
 * @param clusterPort cluster port, 0 for a free one
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
    List<String> join,
    List<String> coordinators) {
  /** Role of a host that serves HTTP clients. */
  public static final String EDGE = "edge";

  /** Role of a host that runs models. */
  public static final String NODE = "node";

  /** Role of a host that can run the router and keeps the history. */
  public static final String COORDINATOR = "coordinator";

  private static final int CLUSTER_PORT = 25_520;

  /** Copies the collections. */
  public HostSettings {
    roles = Set.copyOf(roles);
    join = List.copyOf(join);
    coordinators = List.copyOf(coordinators);
  }

  /**
   * Reads who this host is; problems go to the reader.
   *
   * @param verb what the user called, which decides the roles
   */
  public static HostSettings from(SettingsReader reader, HostVerb verb) {
    var name = reader.optionalText("broke.name").orElseGet(HostSettings::machineName);
    var join =
        reader.texts("broke.cluster.join").stream()
            .map(address -> address.contains(":") ? address : address + ":" + CLUSTER_PORT)
            .toList();
    var coordinators = reader.texts("broke.cluster.coordinators");
    var clusterBind = reader.text("broke.cluster.bind");
    if (!isLoopback(clusterBind) && !reader.flag("broke.insecure-lan")) {
      reader.problem(
          "broke.cluster.bind",
          clusterBind
              + " can be reached by other machines, and traffic between members is not secured yet:"
              + " add --insecure-lan if you trust everybody on this network");
    }
    if (verb == HostVerb.NODE && join.isEmpty()) {
      reader.problem(
          "broke.cluster.join", "a node needs a machine to join: ./broke node --join HOST");
    }
    return new HostSettings(
        reader.parsed("broke.name", text -> NodeId.of(name), NodeId.of("unnamed")),
        verb.roles(name, coordinators, !join.isEmpty()),
        folder(reader.text("broke.data-dir")),
        reader.text("broke.http.bind"),
        reader.integer("broke.http.port", 0, 65_535),
        clusterBind,
        reader.integer("broke.cluster.port", 0, 65_535),
        join,
        coordinators);
  }

  /** Whether only this machine can reach the address. */
  public static boolean isLoopback(String address) {
    return address.equals("localhost") || address.equals("::1") || address.startsWith("127.");
  }

  private static Path folder(String text) {
    var home = System.getProperty("user.home");
    return Path.of(text.startsWith("~/") ? home + text.substring(1) : text).toAbsolutePath();
  }

  /** The machine's own name, made fit for a node name. */
  private static String machineName() {
    try {
      var name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      var fit = name.replaceAll("\\.(local|lan|home)$", "").replaceAll("[^a-z0-9._-]+", "-");
      var trimmed = fit.replaceAll("^[^a-z0-9]+", "");
      return trimmed.isEmpty() ? "mac" : trimmed.substring(0, Math.min(63, trimmed.length()));
    } catch (UnknownHostException e) {
      return "mac";
    }
  }

  /** Whether this host has the role. */
  public boolean has(String role) {
    return roles.contains(role);
  }
}
