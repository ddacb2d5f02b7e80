package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code /proc/net/tcp} for the socket that listens and {@code /proc/PID/fd} for the process
 * that has it open.
 */
final class ProcPortOwner implements PortOwner {
  private static final String LISTENING = "0A";
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int FIELD_LOCAL = 1;
  private static final int FIELD_STATE = 3;
  private static final int FIELD_INODE = 9;

  private final Path proc;

  ProcPortOwner() {
    this(Path.of("/proc"));
  }

  ProcPortOwner(Path proc) {
    this.proc = proc;
  }

  static boolean usable() {
    return Files.isReadable(Path.of("/proc/net/tcp"));
  }

  @Override
  public Holder holder(int port, Set<Long> pids) {
    try {
      var sockets = new HashSet<String>();
      for (var table : List.of("net/tcp", "net/tcp6")) {
        listening(proc.resolve(table), port, sockets);
      }
      if (sockets.isEmpty()) {
        return Holder.NOBODY;
      }
      return pids.stream().anyMatch(pid -> hasOpen(pid, sockets)) ? Holder.OURS : Holder.OTHERS;
    } catch (IOException | UncheckedIOException e) {
      return Holder.UNKNOWN;
    }
  }

  private static void listening(Path table, int port, Set<String> sockets) throws IOException {
    if (!Files.isReadable(table)) {
      return;
    }
    var suffix = String.format(Locale.ROOT, ":%04X", port);
    for (var line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
      var fields = BLANKS.split(line.strip(), -1);
      if (fields.length > FIELD_INODE
          && fields[FIELD_STATE].equals(LISTENING)
          && fields[FIELD_LOCAL].endsWith(suffix)) {
        sockets.add("socket:[" + fields[FIELD_INODE] + "]");
      }
    }
  }

  private boolean hasOpen(long pid, Set<String> sockets) {
    try (var open = Files.newDirectoryStream(proc.resolve(pid + "/fd"))) {
      for (var file : open) {
        if (Files.isSymbolicLink(file)
            && sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // It has ended, or closed the file while we looked.
    }
  }
}
