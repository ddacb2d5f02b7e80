package org.brokecluster.node.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.protocol.node.DrillKind;
import org.junit.jupiter.api.Test;

/** What a drill closes and slows, and that all of it becomes as it was. */
class DrillTest {
  private static final Duration LENGTH = Duration.ofSeconds(10);

  private final List<Double> paces = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();

  @Test
  void onlySimulatedOrWillingMachinesTakePart() {
    assertThat(drill("auto", true).refusal(DrillKind.KILL, LENGTH)).isNull();
    assertThat(drill("auto", false).refusal(DrillKind.KILL, LENGTH))
        .contains("broke.node.drill.allowed");
    assertThat(drill("true", false).refusal(DrillKind.KILL, LENGTH)).isNull();
    assertThat(drill("false", true).refusal(DrillKind.KILL, LENGTH)).isNotNull();
  }

  @Test
  void oneAtATimeAndNotForLong() {
    var drill = drill("auto", true);

    assertThat(drill.refusal(DrillKind.PAUSE, Duration.ofSeconds(61))).contains("1 to 60");
    drill.begin(DrillKind.PAUSE);
    assertThat(drill.refusal(DrillKind.KILL, LENGTH)).contains("under way");
    drill.end();
    assertThat(drill.refusal(DrillKind.KILL, LENGTH)).isNull();
  }

  @Test
  void aPauseAndACutKeepMessagesBackAndAKillLosesThem() {
    var drill = drill("auto", true);
    drill.begin(DrillKind.PARTITION);
    hear(drill, "first");
    hear(drill, "second");
    assertThat(heard).isEmpty();
    drill.end();
    assertThat(heard).containsExactly("first", "second");

    drill.begin(DrillKind.KILL);
    hear(drill, "third");
    drill.end();
    hear(drill, "fourth");
    assertThat(heard).containsExactly("first", "second", "fourth");
    assertThat(drill.gate().lost()).isEqualTo(1);
  }

  @Test
  void keepsOnlySoManyBack() {
    var drill = drill("auto", true);
    drill.begin(DrillKind.PAUSE);
    for (int i = 0; i < 5; i++) {
      hear(drill, "message " + i);
    }
    drill.end();

    assertThat(heard).containsExactly("message 0", "message 1", "message 2");
    assertThat(drill.gate().lost()).isEqualTo(2);
  }

  @Test
  void whateverIsSlowedIsAtFullSpeedAgainAfterwards() {
    var drill = drill("auto", true);
    drill.begin(DrillKind.SLOW);
    assertThat(drill.gate().isOpen()).isTrue();
    drill.end();
    drill.begin(DrillKind.PAUSE);
    drill.end();

    assertThat(paces).containsExactly(0.125, 1.0, 0.0, 1.0);
  }

  private Drill drill(String allowed, boolean simulated) {
    var settings = new DrillSettings(allowed, Duration.ofMinutes(1), 3);
    return new Drill(settings, simulated, paces::add);
  }

  private void hear(Drill drill, String message) {
    if (drill.gate().hears(() -> heard.add(message))) {
      heard.add(message);
    }
  }
}
