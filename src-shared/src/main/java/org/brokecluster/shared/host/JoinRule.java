package org.brokecluster.shared.host;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Members call each other back: a host that others know as 127.0.0.1 only cannot join another
 * machine. Looks names up.
 */
final class JoinRule {
  private static final int ANY_PORT = 9;

  private JoinRule() {}

  /**
   * Why this host cannot join, or nothing.
   *
   * @param clusterBind address the host would be known by
   * @param join addresses of the machines to join, as HOST:PORT
   */
  static Optional<String> refusal(String clusterBind, List<String> join) {
    if (!HostAddress.isLoopback(clusterBind)) {
      return Optional.empty();
    }
    return join.stream()
        .map(address -> address.substring(0, address.lastIndexOf(':')))
        .filter(host -> !HostAddress.isLoopback(host))
        .findFirst()
        .map(
            host ->
                "cannot join %s as %s: other machines could not call back. Add --bind %s --insecure-lan, and set an API key (BROKE_API_KEY in the environment)"
                    .formatted(host, clusterBind, ownAddressTowards(host)));
  }

  /** The address of this machine that packets to the other one would carry; none is sent. */
  private static String ownAddressTowards(String host) {
    try (var socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), ANY_PORT));
      var own = socket.getLocalAddress();
      return own.isAnyLocalAddress() ? "ADDRESS" : own.getHostAddress();
    } catch (SocketException | UnknownHostException | java.io.UncheckedIOException e) {
      return "ADDRESS";
    }
  }
}
