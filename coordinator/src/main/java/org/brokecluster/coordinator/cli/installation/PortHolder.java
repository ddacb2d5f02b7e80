package org.brokecluster.coordinator.cli.installation;

import java.util.Optional;
import java.util.regex.Pattern;
import org.brokecluster.shared.command.CommandRunner;

/** Who listens on a port of this machine, as {@code lsof} tells. */
final class PortHolder {
  private static final Pattern LINE =
      Pattern.compile("(?m)^(\\S+)\\s+(\\d+)\\s+\\S+\\s.*\\(LISTEN\\)");

  private PortHolder() {}

  /** Name and process id, such as {@code ollama (process 4711)}; nothing if nobody can tell. */
  static Optional<String> of(int port, CommandRunner commands) {
    return commands.run("lsof", "-nP", "-iTCP:" + port, "-sTCP:LISTEN").flatMap(PortHolder::parse);
  }

  static Optional<String> parse(String lsof) {
    var match = LINE.matcher(lsof);
    return match.find()
        ? Optional.of(
            "%s (process %s)".formatted(match.group(1).replace("\\x20", " "), match.group(2)))
        : Optional.empty();
  }
}
