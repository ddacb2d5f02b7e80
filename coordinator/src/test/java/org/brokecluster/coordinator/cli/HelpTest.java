package org.brokecluster.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.brokecluster.shared.cli.Verbs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The help of every verb on a terminal of 80 columns, which is what most have. */
class HelpTest {
  private static final int COLUMNS = 80;

  static List<CommandLine> verbs() {
    return ServiceLoader.load(Verbs.class).stream()
        .flatMap(module -> module.get().verbs().stream())
        .map(verb -> new CommandLine(verb.command().get()))
        .flatMap(verb -> Stream.concat(Stream.of(verb), verb.getSubcommands().values().stream()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void keepsEachExampleOnOneLine(CommandLine verb) {
    assertThat(description(verb).filter(line -> line.startsWith(" ")))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(COLUMNS));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void leavesItToTheTerminalWhereAParagraphBreaks(CommandLine verb) {
    var lines = description(verb).toList();

    for (int i = 1; i < lines.size(); i++) {
      assertThat(prose(lines.get(i)) && prose(lines.get(i - 1)))
          .as("%s%n%s", lines.get(i - 1), lines.get(i))
          .isFalse();
    }
  }

  /** A path that is broken in two cannot be copied. */
  @ParameterizedTest
  @MethodSource("verbs")
  void keepsPathsWhole(CommandLine verb) {
    assertThat(verb.setUsageHelpWidth(COLUMNS).getUsageMessage().lines())
        .allSatisfy(line -> assertThat(line).doesNotMatch(".*([ ~/]|^)[./~]/?[.]? *"));
  }

  private static boolean prose(String line) {
    return !line.isEmpty() && !line.startsWith(" ");
  }

  private static Stream<String> description(CommandLine verb) {
    return Arrays.stream(verb.getCommandSpec().usageMessage().description());
  }
}
