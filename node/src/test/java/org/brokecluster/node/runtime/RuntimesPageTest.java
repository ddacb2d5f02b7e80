package org.brokecluster.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.brokecluster.node.runtime.openai.Dialect;
import org.brokecluster.node.runtime.openai.Habit;
import org.brokecluster.node.runtime.openai.RuntimeSpec;
import org.brokecluster.protocol.model.Ability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/runtimes.md} says what the code says. */
class RuntimesPageTest {
  private static final Path PAGE = Path.of("..", "docs", "runtimes.md");
  private static final List<Ability> COLUMNS =
      List.of(
          Ability.TOOLS,
          Ability.TOOL_CHOICE,
          Ability.VISION,
          Ability.JSON_SCHEMA,
          Ability.JSON_OBJECT,
          Ability.LOGPROBS,
          Ability.COMPLETION,
          Ability.SEED);

  private static final List<Habit> HABITS =
      List.of(
          Habit.REUSES_PROMPTS,
          Habit.CANCELS,
          Habit.TELLS_PROGRESS,
          Habit.TELLS_STATE,
          Habit.LOW_LIMIT);

  @ParameterizedTest
  @EnumSource
  void showsWhatEachDialectCanDo(Dialect dialect) throws IOException {
    var row =
        COLUMNS.stream()
            .map(ability -> dialect.abilities().contains(ability) ? "yes" : "no")
            .collect(Collectors.joining(" | "));

    assertThat(Files.readString(PAGE))
        .contains(
            "| `%s` | %s | %s | %s |"
                .formatted(
                    dialect.label(),
                    dialect.title(),
                    row,
                    dialect.has(Habit.CONCURRENT) ? "several" : "one"));
  }

  @ParameterizedTest
  @EnumSource
  void showsHowEachDialectBehaves(Dialect dialect) throws IOException {
    var row =
        HABITS.stream()
            .map(habit -> dialect.has(habit) ? "yes" : "no")
            .collect(Collectors.joining(" | "));

    assertThat(Files.readString(PAGE)).contains("| `%s` | %s |".formatted(dialect.label(), row));
  }

  @Test
  void namesEveryKindThatCanBeAttached() throws IOException {
    var page = Files.readString(PAGE);

    assertThat(RuntimeSpec.kinds()).allSatisfy(kind -> assertThat(page).contains("`" + kind + "`"));
  }
}
