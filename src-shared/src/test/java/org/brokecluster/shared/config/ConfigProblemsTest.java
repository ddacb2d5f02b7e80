package org.brokecluster.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigProblemsTest {
  private final ConfigProblems problems = new ConfigProblems();

  @Test
  void isSilentWhenAllIsWell() {
    assertThatCode(() -> problems.throwIfAny("here")).doesNotThrowAnyException();
  }

  @Test
  void listsWhatEveryReaderFound() {
    var config = ConfigFactory.parseString("a = 7, b = blue");

    problems.reading(config, reader -> reader.integer("a", 1, 5));
    problems.reading(config, reader -> reader.integer("b", 1, 5));

    assertThatThrownBy(() -> problems.throwIfAny("a file"))
        .hasMessageContaining("2 problems (a file)")
        .hasMessageContaining("  a: must be within 1 and 5, is 7")
        .hasMessageContaining("  b: ")
        .hasMessageContaining("docs/configuration.md");
  }

  @Test
  void keepsTheFirstProblemOfAKey() {
    problems.add("a", "is a list");
    problems.addAll(List.of("a: cannot be read"));

    assertThat(problems.list()).containsExactly("a: is a list");
  }
}
