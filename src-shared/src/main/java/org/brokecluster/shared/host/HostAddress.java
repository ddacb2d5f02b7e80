package org.brokecluster.shared.host;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Turns names into the addresses by which the members of a cluster know each other. */
final class HostAddress {
  private HostAddress() {}

  /**
   * HOST:PORT with the host's present IP address, IPv4 if it has one; unchanged if nobody knows the
   * name just now. May block while the system looks it up.
   */
  static String present(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    try {
      var found = InetAddress.getAllByName(hostPort.substring(0, colon));
      var chosen = found[0];
      for (var each : found) {
        if (each instanceof Inet4Address) {
          chosen = each;
          break;
        }
      }
      return chosen.getHostAddress() + hostPort.substring(colon);
    } catch (UnknownHostException e) {
      return hostPort;
    }
  }
}
