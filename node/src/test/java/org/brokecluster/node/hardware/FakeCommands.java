package org.brokecluster.node.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.brokecluster.shared.command.CommandRunner;

/** Commands that print what the test says; all others do not exist. */
public final class FakeCommands implements CommandRunner {
  private final Map<String, String> outputs = new ConcurrentHashMap<>();
  public final List<String> asked = new ArrayList<>();

  /** A command line beginning so prints this. */
  public FakeCommands prints(String beginning, String output) {
    outputs.put(beginning, output);
    return this;
  }

  @Override
  public Optional<String> run(String... command) {
    var line = String.join(" ", command);
    asked.add(line);
    return outputs.entrySet().stream()
        .filter(entry -> line.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
