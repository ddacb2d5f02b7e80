package org.brokecluster.shared.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChipTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "M2 Ultra,M2 Ultra,800",
    "Apple M3 Max,M3 Max,300",
    "m1,M1,68",
    "  apple m4 pro ,M4 Pro,273",
    "Apple M5,M5,153",
    "M3 Max 40,M3 Max (40-core GPU),400",
    "M4 Max,M4 Max,410",
    "Apple M4 Max 32,M4 Max,410",
    "M4 Max (40-core GPU),M4 Max (40-core GPU),546",
    "M5 Max 40,M5 Max (40-core GPU),614"
  })
  void knowsAChipHoweverItIsWritten(String written, String name, double bandwidth) {
    var chip = Chip.parse(written).orElseThrow();

    assertThat(chip.name()).isEqualTo(name);
    assertThat(chip.bandwidth()).isEqualTo(bandwidth);
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(strings = {"M4 Ultra", "Intel(R) Core(TM) i7", "M", "", "M22", "M1 Mini"})
  void doesNotInventAChip(String written) {
    assertThat(Chip.parse(written)).isEmpty();
  }

  @Test
  void parsesEachNameOfItsOwnTable() {
    assertThat(Chip.knownNames())
        .hasSize(18)
        .allSatisfy(name -> assertThat(Chip.parse("Apple " + name)).isPresent());
  }

  @Test
  void gpuCoresTellTheTwoMaxVariantsApartAndNothingElse() {
    var max = Chip.parse("M4 Max").orElseThrow();

    assertThat(max.withGpuCores(32)).isSameAs(max);
    assertThat(max.withGpuCores(40).bandwidth()).isEqualTo(546);
    assertThat(max.withGpuCores(40).withGpuCores(40).bandwidth()).isEqualTo(546);
    assertThat(Chip.parse("M2 Ultra").orElseThrow().withGpuCores(76).name()).isEqualTo("M2 Ultra");
  }

  @Test
  void takesAnUnknownChipForASlowOne() {
    var generic = Chip.generic(" AMD EPYC ");

    assertThat(generic.name()).isEqualTo("AMD EPYC");
    assertThat(generic.bandwidth()).isLessThan(Chip.parse("M1").orElseThrow().bandwidth());
    assertThat(Chip.generic("").name()).isEqualTo("unknown chip");
  }

  @Test
  void refusesAChipWithoutBandwidth() {
    assertThatThrownBy(() -> new Chip("x", 0, 1, 1)).hasMessageContaining("bandwidth=0.0");
  }
}
