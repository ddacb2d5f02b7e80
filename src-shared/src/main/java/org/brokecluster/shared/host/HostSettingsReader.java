package org.brokecluster.shared.host;

import java.nio.file.Path;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.shared.config.SettingsReader;

/** Reads who a host is from the configuration, in which the command line is already included. */
public final class HostSettingsReader {
  /** Default port between the machines, for a {@code join} that names none. */
  static final int CLUSTER_PORT = 25520;

  private static final NodeId NAMELESS = NodeId.of("nameless");

  private final SettingsReader reader;

  /** What is wrong goes to {@code reader}. */
  public HostSettingsReader(SettingsReader reader) {
    this.reader = reader;
  }

  /** The settings of a host that is started by this verb. */
  public HostSettings read(HostVerb verb) {
    var name = name();
    var coordinators = reader.texts("broke.cluster.coordinators");
    var join = reader.texts("broke.cluster.join").stream().map(this::address).distinct().toList();
    if (verb == HostVerb.NODE && join.isEmpty()) {
      reader.problem(
          "broke.cluster.join",
          "a node needs a machine to join: ./broke node --join HOST (to found a cluster: ./broke"
              + " up)");
    }
    if (verb == HostVerb.COORDINATOR
        && !coordinators.isEmpty()
        && !coordinators.contains(name.value())) {
      reader.problem(
          "broke.cluster.coordinators",
          "this machine is \"" + name + "\", which is none of " + coordinators);
    }
    if (coordinators.size() > 1 && !coordinators.get(0).equals(name.value()) && join.isEmpty()) {
      reader.problem(
          "broke.cluster.join",
          "only "
              + coordinators.get(0)
              + ", named first, may found the cluster; this machine ("
              + name
              + ") needs a machine to join");
    }
    return new HostSettings(
        name,
        verb.roles(name.value(), coordinators, !join.isEmpty()),
        expandHome(reader.text("broke.data-dir")),
        reader.text("broke.http.bind"),
        reader.integer("broke.http.port", 0, 65_535),
        clusterBind(),
        reader.integer("broke.cluster.port", 0, 65_535),
        listenPort(),
        join,
        coordinators);
  }

  private NodeId name() {
    var configured = reader.optionalText("broke.name");
    try {
      return NodeId.of(configured.orElseGet(HostName::ofThisMachine));
    } catch (IllegalArgumentException e) {
      reader.problem("broke.name", String.valueOf(e.getMessage()));
      return NAMELESS;
    }
  }

  private int listenPort() {
    int port = reader.integer("broke.cluster.listen-port", 0, 65_535);
    if (port != 0 && reader.integer("broke.cluster.port", 0, 65_535) == 0) {
      reader.problem(
          "broke.cluster.listen-port",
          "needs broke.cluster.port, the port by which the others reach this one");
    }
    return port;
  }

  private String clusterBind() {
    var bind = reader.text("broke.cluster.bind");
    if (bind.equals("0.0.0.0") || bind.equals("::")) {
      reader.problem(
          "broke.cluster.bind",
          "must be one address that the other machines reach this one by, is " + bind);
    }
    return bind;
  }

  /** HOST or HOST:PORT as HOST:PORT. */
  private String address(String text) {
    int colon = text.lastIndexOf(':');
    var host = colon < 0 ? text : text.substring(0, colon);
    var port = colon < 0 ? String.valueOf(CLUSTER_PORT) : text.substring(colon + 1);
    boolean portOk = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
    if (host.isBlank() || host.contains("/") || !portOk) {
      reader.problem("broke.cluster.join", "must be HOST or HOST:PORT, is \"" + text + "\"");
      return "nowhere:" + CLUSTER_PORT;
    }
    return (host.equals("localhost") ? "127.0.0.1" : host) + ":" + port;
  }

  /** A path in which a leading {@code ~} is the user's home folder. */
  public static Path expandHome(String path) {
    var home = System.getProperty("user.home");
    var expanded = path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
    return Path.of(expanded).toAbsolutePath().normalize();
  }
}
