package org.brokecluster.shared.host;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Turns names into IP addresses: members of a cluster know each other by address only, and a
 * message to another spelling of the same address is dropped. Every method may block while the
 * system looks a name up.
 */
public final class HostAddress {
  private static final String LOOPBACK = "127.0.0.1";

  private HostAddress() {}

  /**
   * HOST:PORT once for each present IP address of the host, IPv4 first: a name may stand for
   * several addresses, of which the other machine listens on one only. Unchanged if nobody knows
   * the name just now.
   */
  static List<String> present(String hostPort) {
    int colon = hostPort.lastIndexOf(':');
    try {
      return Arrays.stream(InetAddress.getAllByName(hostPort.substring(0, colon)))
          .sorted(Comparator.comparing(each -> !(each instanceof Inet4Address)))
          .map(each -> each.getHostAddress() + hostPort.substring(colon))
          .distinct()
          .toList();
    } catch (UnknownHostException e) {
      return List.of(hostPort);
    }
  }

  /**
   * The one address to listen on for a name of this machine: of several, one that it has, rather
   * one that others can reach, rather IPv4. Unchanged if nobody knows the name.
   */
  public static String own(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .min(
              Comparator.<InetAddress, Boolean>comparing(each -> !isOwn(each))
                  .thenComparing(InetAddress::isLoopbackAddress)
                  .thenComparing(each -> !(each instanceof Inet4Address)))
          .map(InetAddress::getHostAddress)
          .orElse(host);
    } catch (UnknownHostException e) {
      return host;
    }
  }

  /**
   * The addresses an edge listens on that is bound to {@code bind}: its own loopback address always
   * works, so one that others can reach comes in addition. The first is the one for programs on
   * this machine.
   */
  public static List<String> listening(String bind) {
    var address = own(bind);
    return isLoopback(address) || isWildcard(address)
        ? List.of(address)
        : List.of(LOOPBACK, address);
  }

  /** The address by which programs on this machine reach an edge that is bound to {@code bind}. */
  public static String local(String bind) {
    return isLoopback(bind) ? own(bind) : LOOPBACK;
  }

  /** Base address of an HTTP server at this IP address. */
  public static String url(String address, int port) {
    return "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  /** Whether only programs on this machine can reach the address; no, if nobody knows the name. */
  public static boolean isLoopback(String host) {
    return lookUp(host).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  /** Whether this stands for every address of the machine. */
  public static boolean isWildcard(String host) {
    return lookUp(host).map(InetAddress::isAnyLocalAddress).orElse(false);
  }

  private static Optional<InetAddress> lookUp(String host) {
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
