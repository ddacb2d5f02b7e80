package org.brokecluster.coordinator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EdgeRollTest {
  private final EdgeRoll<Integer> roll = new EdgeRoll<>(2);

  @Test
  void tellsWhoIsThereWhoWasAndWhoNeverWas() {
    roll.seen(Map.of("a", 1, "b", 2));
    roll.seen(Map.of("a", 3));

    assertThat(roll.find("a")).isEqualTo(3);
    assertThat(roll.find("b")).isNull();
    assertThat(roll.isLost("b")).isTrue();
    assertThat(roll.isLost("c")).isFalse();
  }

  @Test
  void aProcessThatComesBackWithAnotherMembershipIsNotLost() {
    roll.seen(Map.of("a", 1));
    roll.seen(Map.of());
    roll.seen(Map.of("a", 2));

    assertThat(roll.isLost("a")).isFalse();
    assertThat(roll.find("a")).isEqualTo(2);
  }

  @Test
  void forgetsTheOnesThatHaveBeenGoneForLongest() {
    for (var name : new String[] {"a", "b", "c"}) {
      roll.seen(Map.of(name, 1));
    }
    roll.seen(Map.of());

    assertThat(roll.isLost("a")).isFalse();
    assertThat(roll.isLost("b")).isTrue();
    assertThat(roll.isLost("c")).isTrue();
  }
}
