package org.brokecluster.shared.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** This machine's name, in the form a node may have. */
final class HostName {
  private static final int LENGTH_MAX = 63;

  private HostName() {}

  /**
   * The machine's own name, asked of the system's {@code hostname} command: Java's own look-up may
   * wait seconds for a name server that is not there.
   */
  static String ofThisMachine() {
    try {
      var process = new ProcessBuilder("hostname").redirectErrorStream(true).start();
      try (var output = process.getInputStream()) {
        var name = new String(output.readNBytes(1024), StandardCharsets.UTF_8);
        return process.waitFor(2, TimeUnit.SECONDS) ? asNodeName(name) : "mac";
      }
    } catch (IOException e) {
      return "mac";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "mac";
    }
  }

  /** The first label of a host name with everything a node name may not have taken out. */
  static String asNodeName(String hostName) {
    var label = hostName.strip().split("[.\\s]", 2)[0].toLowerCase(Locale.ROOT);
    var plain = label.replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
    return plain.isEmpty() ? "mac" : plain.substring(0, Math.min(LENGTH_MAX, plain.length()));
  }
}
