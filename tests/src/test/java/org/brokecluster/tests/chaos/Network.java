package org.brokecluster.tests.chaos;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The cables of a few hosts on this machine. Who sends is told by the loopback address it sends
 * from ({@code 127.0.0.11} for the first host and so on, which Linux has without being told).
 */
final class Network {
  private static final int FIRST = 11;

  private final List<String> hosts;
  private final Set<String> pulled = new HashSet<>();

  Network(List<String> hosts) {
    this.hosts = List.copyOf(hosts);
  }

  /** The address a host sends from. */
  String address(String host) {
    return "127.0.0." + (FIRST + hosts.indexOf(host));
  }

  /** Pulls a host's cable: nothing passes, either way, and nobody is told. */
  synchronized void pull(String host) {
    pulled.add(host);
  }

  /** Puts it back: what waited arrives. */
  synchronized void plug(String host) {
    pulled.remove(host);
    notifyAll();
  }

  /** The cable before a host's port. */
  PortProxy.Cable before(String host) {
    return from -> awaitPassage(from.getHostAddress(), host);
  }

  private synchronized void awaitPassage(String from, String to) throws InterruptedException {
    while (pulled.contains(to) || pulled.stream().anyMatch(each -> address(each).equals(from))) {
      wait();
    }
  }

  /** The host that sends from an address; for failure messages. */
  String nameOf(InetAddress from) {
    return hosts.stream()
        .filter(host -> address(host).equals(from.getHostAddress()))
        .findFirst()
        .orElse(from.getHostAddress());
  }
}
