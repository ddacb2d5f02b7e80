package org.brokecluster.node.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.brokecluster.node.models.IdleUnload.Idler;
import org.brokecluster.protocol.id.ModelId;
import org.junit.jupiter.api.Test;

class IdleUnloadTest {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final long NOW = Long.MIN_VALUE + 5; // clocks may be anywhere, and overflow

  @Test
  void takesOnlyOwnModelsThatNobodyUsesOrPins() {
    var residents =
        List.of(
            resident("idle", true, false, 0, 6),
            resident("longer", true, false, 0, 60),
            resident("attached", false, false, 0, 60),
            resident("pinned", true, true, 0, 60),
            resident("used", true, false, 1, 60),
            resident("fresh", true, false, 0, 4));

    assertThat(IdleUnload.due(residents, NOW, FIVE_MINUTES))
        .extracting(ModelId::value)
        .containsExactly("longer", "idle");
  }

  @Test
  void neverUnloadsWhereTheTimeoutIsZero() {
    var residents = List.of(resident("idle", true, false, 0, 1000));

    assertThat(IdleUnload.due(residents, NOW, Duration.ZERO)).isEmpty();
  }

  private static Idler resident(
      String id, boolean owned, boolean pinned, int users, int idleMinutes) {
    long used = NOW - Duration.ofMinutes(idleMinutes).toNanos();
    return new Idler(ModelId.of(id), owned, pinned, users, used);
  }
}
