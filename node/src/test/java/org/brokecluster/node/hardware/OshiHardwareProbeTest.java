package org.brokecluster.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.brokecluster.shared.hardware.Chip;
import org.junit.jupiter.api.Test;

class OshiHardwareProbeTest {
  private static final Optional<Chip> M2 = Chip.parse("M2 Ultra");

  @Test
  void asksTheSystemForWhatIsNotConfigured() {
    var hardware = new OshiHardwareProbe(HardwareSettings.ASK).probe();

    assertThat(hardware.chip().name()).isNotBlank();
    assertThat(hardware.memoryBytes()).isGreaterThan(100L << 20);
    assertThat(hardware.availableBytes()).isBetween(1L, hardware.memoryBytes());
    assertThat(hardware.cores()).isPositive();
  }

  @Test
  void prefersWhatIsConfigured() {
    var settings = new HardwareSettings(M2, OptionalLong.of(64L << 30));

    var hardware = new OshiHardwareProbe(settings).probe();

    assertThat(hardware.chip().name()).isEqualTo("M2 Ultra");
    assertThat(hardware.memoryBytes()).isEqualTo(64L << 30);
    assertThat(hardware.availableBytes()).isEqualTo(64L << 30);
  }

  @Test
  void mixesBothSources() {
    var hardware = new OshiHardwareProbe(new HardwareSettings(M2, OptionalLong.empty())).probe();

    assertThat(hardware.chip().name()).isEqualTo("M2 Ultra");
    assertThat(hardware.memoryBytes()).isNotEqualTo(64L << 30).isPositive();
  }
}
