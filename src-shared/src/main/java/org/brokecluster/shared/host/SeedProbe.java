package org.brokecluster.shared.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Finds out why a machine that is to be joined does not take this one in, for people who typed its
 * address. Blocks for about 2 s at most.
 */
final class SeedProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final byte[] QUESTION =
      "GET /health HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final String address;
  private final String host;
  private final int port;
  private final int patienceMs;

  /** For one address as HOST:PORT. */
  SeedProbe(String hostPort) {
    this(hostPort, PATIENCE);
  }

  /**
   * The same with another patience.
   *
   * @param patience for a connection, and then for an answer
   */
  SeedProbe(String hostPort, Duration patience) {
    this.patienceMs = (int) patience.toMillis();
    int colon = hostPort.lastIndexOf(':');
    this.address = hostPort;
    this.host = hostPort.substring(0, colon);
    this.port = Integer.parseInt(hostPort.substring(colon + 1));
  }

  /** What is wrong as far as can be seen from here, and what to do about it. */
  String trouble() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), patienceMs);
      return answersHttp(socket)
          ? address
              + " answers HTTP; --join needs the cluster port of that machine, "
              + HostSettingsReader.CLUSTER_PORT
              + " unless it was started with --cluster-port"
          : "something listens at "
              + address
              + " but has not let this machine in: is "
              + host
              + " the address it was started with (--bind), is it in a cluster itself, and can it"
              + " reach this machine?";
    } catch (UnknownHostException e) {
      return "nobody knows the name " + host + ": try its IP address";
    } catch (SocketTimeoutException | NoRouteToHostException e) {
      return host
          + " does not answer: is it awake, in the same network, and not behind a firewall that"
          + " closes port "
          + port
          + "?";
    } catch (IOException e) {
      return "nothing listens at "
          + address
          + " ("
          + e.getMessage()
          + "): start the first machine with ./broke up --bind "
          + host
          + ", and give its port if it was started with --cluster-port";
    }
  }

  private boolean answersHttp(Socket socket) {
    try {
      socket.setSoTimeout(patienceMs);
      socket.getOutputStream().write(QUESTION);
      var start = socket.getInputStream().readNBytes(5);
      return new String(start, StandardCharsets.US_ASCII).equals("HTTP/");
    } catch (IOException e) {
      return false; // closed or silent: whatever it is, it does not speak HTTP
    }
  }
}
