package org.brokecluster.shared.host;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import org.brokecluster.shared.file.WholeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members seen last, kept in the data folder: a restarted founder asks them before it founds a
 * cluster anew, so that one sleep does not make two clusters.
 *
 * <p>Reading and probing block and belong to the host's own threads; {@link #remember} may be
 * called from anywhere.
 */
final class KnownMembers {
  private static final Logger LOG = LoggerFactory.getLogger(KnownMembers.class);
  private static final int MEMBERS_MAX = 256;
  private static final int PROBE_TIMEOUT_MS = 500;
  private static final int PROBED_MAX = 16;
  private static final String COORDINATOR = " coordinator";
  private static final Pattern ADDRESS = Pattern.compile("[\\w.:%\\[\\]-]+:([0-9]{1,5})");
  private static final int PORT_MAX = 65_535;

  /**
   * A member as it is remembered.
   *
   * @param address its cluster address as host:port
   */
  record Known(String address, boolean coordinator) {}

  private final Path file;
  private final ExecutorService files;

  KnownMembers(Path dataDir, ExecutorService files) {
    this.file = dataDir.resolve("members");
    this.files = files;
  }

  /** Who was up last; empty if nobody ever was. What a damaged file says is passed over. */
  List<Known> read() {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .filter(line -> !line.isBlank())
          .limit(MEMBERS_MAX)
          .map(line -> new Known(line.split(" ", 2)[0], line.endsWith(COORDINATOR)))
          .filter(KnownMembers::isAddress)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      LOG.warn("cannot read last known members, going on without: file={}", file, e);
      return List.of();
    }
  }

  private static boolean isAddress(Known known) {
    var address = ADDRESS.matcher(known.address());
    return address.matches() && Integer.parseInt(address.group(1)) <= PORT_MAX;
  }

  /** Stores the members in the background; a failure is logged and changes nothing else. */
  void remember(List<Known> members) {
    files.execute(
        () ->
            write(
                members.stream()
                    .map(known -> known.address() + (known.coordinator() ? COORDINATOR : ""))
                    .toList()));
  }

  private void write(List<String> lines) {
    try {
      var text = lines.stream().collect(joining("\n", "", "\n"));
      WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.warn("cannot store last known members: file={}", file, e);
    }
  }

  /** Tries to connect to each; coordinators first, and no more than a few. Blocks up to 8 s. */
  static List<FoundingRule.Other> ask(List<Known> members) {
    return members.stream()
        .sorted(Comparator.comparing(known -> !known.coordinator()))
        .limit(PROBED_MAX)
        .map(
            known ->
                new FoundingRule.Other(known.address(), known.coordinator(), ask(known.address())))
        .toList();
  }

  /** Whether somebody listens at any of the addresses. Blocks up to half a second for each. */
  static boolean anyAnswers(Collection<String> addresses) {
    return addresses.stream().anyMatch(address -> ask(address) == FoundingRule.Answer.ANSWERS);
  }

  private static FoundingRule.Answer ask(String address) {
    int colon = address.lastIndexOf(':');
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          PROBE_TIMEOUT_MS);
      return FoundingRule.Answer.ANSWERS;
    } catch (ConnectException e) {
      boolean refused = String.valueOf(e.getMessage()).contains("refused");
      return refused ? FoundingRule.Answer.REFUSES : FoundingRule.Answer.SILENT;
    } catch (IOException e) {
      LOG.debug("last known member does not answer: address={} reason={}", address, e.toString());
      return FoundingRule.Answer.SILENT;
    }
  }
}
