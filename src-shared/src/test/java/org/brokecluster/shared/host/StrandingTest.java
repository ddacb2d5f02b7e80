package org.brokecluster.shared.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StrandingTest {
  private final Stranding stranding = new Stranding(Duration.ofSeconds(10));

  @Test
  void isSureOnlyAfterAWhile() {
    assertThat(at(0, false, true)).isFalse();
    assertThat(at(9, false, true)).isFalse();
    assertThat(at(10, false, true)).isTrue();
  }

  @Test
  void beginsAnewWhenACoordinatorIsBack() {
    at(0, false, true);
    assertThat(at(9, true, true)).isFalse();
    assertThat(at(10, false, true)).isFalse();
    assertThat(at(20, false, true)).isTrue();
  }

  @Test
  void staysWhereItIsWhileThereIsNobodyElseToJoin() {
    assertThat(at(0, false, false)).isFalse();
    assertThat(at(3_600, false, false)).isFalse();
  }

  @Test
  void asksNobodyWhileThereIsACoordinator() {
    assertThat(
            stranding.stranded(
                true,
                () -> {
                  throw new AssertionError("asked");
                },
                0))
        .isFalse();
  }

  private boolean at(int seconds, boolean coordinated, boolean elsewhere) {
    return stranding.stranded(coordinated, () -> elsewhere, TimeUnit.SECONDS.toNanos(seconds));
  }
}
