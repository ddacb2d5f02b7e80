package org.brokecluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.EnumSet;
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
    var campaign = new Campaign(settings, PlanOptions.USUAL, off);

    Violation found = null;
    for (long seed = 1; seed <= SEEDS && found == null; seed++) {
      found = campaign.play(seed).violation();
    }

    assertThat(found).as("%s: a seed that breaks something", mechanism.text()).isNotNull();
  }
}
