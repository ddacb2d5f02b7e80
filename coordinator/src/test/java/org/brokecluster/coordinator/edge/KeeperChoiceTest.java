package org.brokecluster.coordinator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class KeeperChoiceTest {
  private static final Set<String> THREE = Set.of("mini:1", "studio:1", "air:1");

  @Test
  void asksWhereTheRouterRuns() {
    assertThat(choose(new KeeperChoice("studio:1", false), THREE)).contains("studio:1");
    assertThat(choose(new KeeperChoice("studio:1", true), THREE)).contains("studio:1");
  }

  @Test
  void asksNoOtherCoordinatorsFileForThatOfTheRouter() {
    var others = Set.of("mini:1", "air:1");

    assertThat(choose(new KeeperChoice("studio:1", false), others)).isEmpty();
  }

  @Test
  void asksAnyThatSharesTheDatabase() {
    assertThat(choose(new KeeperChoice("gone:1", true), THREE)).contains("air:1");
  }

  @Test
  void asksTheSameOneWhileNobodyKnowsTheRouter() {
    assertThat(choose(KeeperChoice.ANY, THREE)).contains("air:1");
    assertThat(choose(new KeeperChoice("", false), THREE)).contains("air:1");
    assertThat(choose(KeeperChoice.ANY, Set.of())).isEmpty();
  }

  private static Optional<String> choose(KeeperChoice choice, Set<String> keepers) {
    return choice.among(keepers, Function.identity());
  }
}
