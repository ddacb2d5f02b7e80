package org.brokecluster.shared.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({
    "port,port,0",
    "prot,port,2",
    "prt,port,1",
    "'',abc,3",
    "abc,'',3",
    "kitten,sitting,3"
  })
  void countsTheLettersThatMustChange(String a, String b, int distance) {
    assertThat(EditDistance.between(a, b)).isEqualTo(distance);
  }
}
