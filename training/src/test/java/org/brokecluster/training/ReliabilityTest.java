package org.brokecluster.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  @Test
  void findsNoErrorWhereRisksComeTrue() {
    var random = new Random(3);
    var bins = new Reliability();
    for (int i = 0; i < 100_000; i++) {
      double risk = random.nextDouble();
      bins.add(risk, random.nextDouble() < risk ? 0 : 1);
    }

    assertThat(bins.error()).isLessThan(0.01);
    assertThat(bins.answers()).isEqualTo(100_000);
  }

  @Test
  void tellsHowFarRisksAreOff() {
    var bins = new Reliability();
    for (int i = 0; i < 10; i++) {
      bins.add(0.35, i < 5 ? 0 : 1);
    }

    assertThat(bins.error()).isCloseTo(0.15, within(1e-9));
    assertThat(bins.cells()).contains("0.35→0.50 (10)").contains("–");
  }

  @Test
  void knowsNothingWithoutAnswers() {
    assertThat(new Reliability().error()).isNaN();
  }
}
