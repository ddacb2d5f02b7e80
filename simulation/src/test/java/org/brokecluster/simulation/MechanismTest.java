package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.EnumSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever keeps a promise is missed when it is left out. */
class MechanismTest {
  private static final long SEEDS = 1_500;

  @ParameterizedTest
  @EnumSource
  void isMissedWhenItIsLeftOut(Mechanism mechanism) {
    var off = EnumSet.of(mechanism);
    var settings = SimulationSettings.read(ConfigFactory.load(), off);
    var campaign = new Campaign(settings, options(mechanism), off);

    boolean missed =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .anyMatch(seed -> campaign.play(seed).violation() != null);

    assertThat(missed).as("%s: a seed breaks something without", mechanism.text()).isTrue();
  }

  /** Two routers at a time on one node are rare: a small cluster is played for longer. */
  private static PlanOptions options(Mechanism mechanism) {
    return mechanism == Mechanism.FENCING ? new PlanOptions(2, 4) : PlanOptions.USUAL;
  }
}
