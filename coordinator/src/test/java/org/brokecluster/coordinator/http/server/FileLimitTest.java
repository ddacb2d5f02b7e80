package org.brokecluster.coordinator.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileLimitTest {
  @Test
  void leavesHalfOfWhatIsFreeToOthers() {
    assertThat(new FileLimit(1_024, 124).connections(4_096)).isEqualTo(450);
  }

  @Test
  void allowsWhatIsWantedWhereThereIsRoom() {
    assertThat(new FileLimit(10_240, 150).connections(4_096)).isEqualTo(4_096);
    assertThat(new FileLimit(Long.MAX_VALUE, 0).connections(100_000)).isEqualTo(100_000);
  }

  @Test
  void servesAFewInAnyCase() {
    assertThat(new FileLimit(128, 127).connections(4_096)).isEqualTo(4);
    assertThat(new FileLimit(128, 127).connections(1)).isEqualTo(1);
  }

  @Test
  void knowsThisProcess() {
    var here = FileLimit.ofThisProcess();

    assertThat(here.open()).isNotNegative().isLessThan(here.limit());
  }
}
