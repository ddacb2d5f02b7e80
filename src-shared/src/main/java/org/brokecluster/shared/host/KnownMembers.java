package org.brokecluster.shared.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster addresses seen last, kept in the data folder: a restarted founder asks them before it
 * founds a cluster anew, so that one sleep does not make two clusters.
 *
 * <p>Reading and probing block and belong to the host's own threads; {@link #remember} may be
 * called from anywhere.
 */
final class KnownMembers {
  private static final Logger LOG = LoggerFactory.getLogger(KnownMembers.class);
  private static final int MEMBERS_MAX = 256;
  private static final int PROBE_TIMEOUT_MS = 500;

  private final Path file;
  private final ExecutorService files;

  KnownMembers(Path dataDir, ExecutorService files) {
    this.file = dataDir.resolve("members");
    this.files = files;
  }

  /** Addresses as host:port, without blanks; empty if none was ever stored. */
  List<String> read() {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .filter(line -> !line.isBlank())
          .limit(MEMBERS_MAX)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      LOG.warn("cannot read last known members, going on without: file={}", file, e);
      return List.of();
    }
  }

  /** Stores the addresses in the background; a failure is logged and changes nothing else. */
  void remember(List<String> addresses) {
    files.execute(() -> write(addresses));
  }

  private void write(List<String> addresses) {
    var next = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(next, addresses, StandardCharsets.UTF_8);
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("cannot store last known members: file={}", file, e);
    }
  }

  /** Whether somebody listens at any of the addresses. Blocks up to half a second for each. */
  static boolean anyAnswers(List<String> addresses) {
    return addresses.stream().anyMatch(KnownMembers::answers);
  }

  private static boolean answers(String address) {
    int colon = address.lastIndexOf(':');
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          PROBE_TIMEOUT_MS);
      return true;
    } catch (IOException e) {
      LOG.debug("last known member does not answer: address={} reason={}", address, e.toString());
      return false;
    }
  }
}
