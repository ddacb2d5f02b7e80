package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever keeps a promise is missed when it is left out. */
class MechanismTest {
  private static final long SEEDS = 1_500;
  private static final Set<Mechanism> RARE = EnumSet.of(Mechanism.FENCING, Mechanism.SEQUENCE);

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

  /** Two routers on one node, or a batch lost in an answer, are rare: few Macs play for longer. */
  private static PlanOptions options(Mechanism mechanism) {
    return RARE.contains(mechanism) ? new PlanOptions(2, 4) : PlanOptions.USUAL;
  }
}
