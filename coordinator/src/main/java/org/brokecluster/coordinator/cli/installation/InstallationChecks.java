package org.brokecluster.coordinator.cli.installation;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokecluster.coordinator.cli.text.Figures;
import org.brokecluster.shared.command.CommandRunner;
import org.brokecluster.shared.doctor.Finding;
import org.brokecluster.shared.host.PortProbe;

/** Looks at Java, the data folder and the ports of this machine. Blocks. */
final class InstallationChecks {
  private static final int JAVA_MIN = 17;
  private static final long FREE_BYTES_MIN = 1_000_000_000L;

  /** Of a data folder, or of one with those of a demo in it. */
  private static final int DEPTH = 4;

  private static final int FILES_MAX = 1_000;

  private InstallationChecks() {}

  static Finding java() {
    var version = Runtime.version().feature();
    var detail = "Java " + version + " at " + System.getProperty("java.home");
    return version >= JAVA_MIN
        ? Finding.ok("java", detail)
        : Finding.bad("java", detail, "install a JDK of version 17 or later");
  }

  static Finding dataFolder(Path folder) {
    try {
      var existing = folder;
      while (!Files.exists(existing) && existing.getParent() != null) {
        existing = existing.getParent();
      }
      if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
        return Finding.bad(
            "data folder", folder + " cannot be written", "choose another with --data-dir");
      }
      var foreign = foreign(folder);
      if (foreign.isPresent()) {
        return Finding.bad(
            "data folder",
            foreign.get() + " cannot be written by this user",
            "was a host run with sudo? sudo chown -R $USER " + folder);
      }
      long free = Files.getFileStore(existing).getUsableSpace();
      var detail = folder + ", " + Figures.bytes(free) + " free";
      return free >= FREE_BYTES_MIN
          ? Finding.ok("data folder", detail)
          : Finding.note(
              "data folder", detail, "make room: the history needs about 400 bytes an event");
    } catch (IOException e) {
      return Finding.bad("data folder", folder + ": " + e, "choose another with --data-dir");
    }
  }

  /** Something in the folder that is another user's. */
  private static Optional<Path> foreign(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (var files = Files.walk(folder, DEPTH)) {
      return files.limit(FILES_MAX).filter(file -> !Files.isWritable(file)).findFirst();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The ports a host would take; only asked where no host runs. */
  static List<Finding> ports(Config config, CommandRunner commands) {
    var findings = new ArrayList<Finding>();
    findings.add(
        port(
            "HTTP port",
            new PortProbe(config.getString("broke.http.bind"), config.getInt("broke.http.port")),
            config.getInt("broke.http.port"),
            "--port",
            commands));
    findings.add(
        port(
            "cluster port",
            new PortProbe(
                config.getString("broke.cluster.bind"), config.getInt("broke.cluster.port")),
            config.getInt("broke.cluster.port"),
            "--cluster-port",
            commands));
    return findings;
  }

  private static Finding port(
      String what, PortProbe probe, int port, String option, CommandRunner commands) {
    if (!probe.taken()) {
      return Finding.ok(what, port + " is free");
    }
    var holder = PortHolder.of(port, commands).map(who -> " by " + who).orElse("");
    return Finding.bad(
        what, port + " is taken" + holder, "stop that, or choose another with " + option);
  }
}
