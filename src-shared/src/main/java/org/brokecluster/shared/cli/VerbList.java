package org.brokecluster.shared.cli;

import java.util.List;
import picocli.CommandLine.Help;

/** Lists the verbs for help, under the headings of their groups. */
final class VerbList {
  private static final int NAME_WIDTH = 13;

  private final List<Verb> verbs;

  VerbList(List<Verb> verbs) {
    this.verbs = verbs;
  }

  String render(Help help) {
    var text = new StringBuilder();
    for (var group : VerbGroup.values()) {
      var lines = new StringBuilder();
      verbs.stream()
          .filter(verb -> verb.group() == group)
          .forEach(verb -> lines.append(line(help, verb.name())));
      if (!lines.isEmpty()) {
        text.append(System.lineSeparator()).append("  ").append(group.title()).append(':');
        text.append(System.lineSeparator()).append(lines);
      }
    }
    return text.toString();
  }

  private static String line(Help help, String name) {
    var command = help.commandSpec().subcommands().get(name);
    if (command == null || command.getCommandSpec().usageMessage().hidden()) {
      return "";
    }
    var description = command.getCommandSpec().usageMessage().description();
    var first = description.length == 0 ? "" : description[0];
    return String.format("    %-" + NAME_WIDTH + "s %s%n", name, first);
  }
}
