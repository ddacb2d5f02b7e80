package org.brokecluster.node.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.RequestId;
import org.junit.jupiter.api.Test;

class EdgeWatchTest {
  private static final AttemptId FIRST = new AttemptId(RequestId.of("r1"), 1);
  private static final AttemptId SECOND = new AttemptId(RequestId.of("r2"), 1);
  private static final EdgeWatch.Disagreement NONE =
      new EdgeWatch.Disagreement(List.of(), List.of());

  private long nowMs = 1_000_000;
  private final EdgeWatch<String> watch =
      new EdgeWatch<>(Duration.ofSeconds(5), Duration.ofMillis(1250), nanos());

  @Test
  void blamesAnEdgeThatIsSilentForTooLong() {
    assertThat(ticks("e", 20)).isEmpty();
    assertThat(ticks("e", 2)).containsExactly("e");
    assertThat(watch.tick(Set.of(), later())).isEmpty();
  }

  @Test
  void believesAnEdgeThatIsHeard() {
    for (int i = 0; i < 5; i++) {
      assertThat(ticks("e", 12)).isEmpty();
      watch.beat("e", List.of(FIRST), List.of(FIRST), Set.of(FIRST), nanos());
    }
  }

  @Test
  void doesNotBlameAnEdgeForThePauseBeforeItsNextAttempt() {
    watch.beat("e", List.of(FIRST), List.of(FIRST), Set.of(FIRST), later());
    for (int i = 0; i < 20; i++) {
      assertThat(watch.tick(Set.of(), later())).isEmpty();
    }

    assertThat(ticks("e", 20)).isEmpty();
    assertThat(ticks("e", 2)).containsExactly("e");
  }

  @Test
  void blamesNobodyAfterItSleptItself() {
    assertThat(ticks("e", 19)).isEmpty();

    nowMs += 30_000;

    assertThat(watch.tick(Set.of("e"), nanos())).isEmpty();
    assertThat(ticks("e", 20)).isEmpty();
    assertThat(ticks("e", 1)).containsExactly("e");
  }

  @Test
  void believesInAForgottenAttemptAtTheSecondBeat() {
    assertThat(watch.beat("e", List.of(), List.of(FIRST), Set.of(FIRST), later())).isEqualTo(NONE);
    assertThat(watch.beat("e", List.of(FIRST), List.of(FIRST), Set.of(FIRST), later()))
        .isEqualTo(NONE);
    assertThat(watch.beat("e", List.of(), List.of(FIRST), Set.of(FIRST), later())).isEqualTo(NONE);
    assertThat(watch.beat("e", List.of(), List.of(FIRST), Set.of(FIRST), later()).forgotten())
        .containsExactly(FIRST);
  }

  @Test
  void believesInAnUnknownAttemptAtTheSecondBeat() {
    var listed = List.of(FIRST, SECOND);
    assertThat(watch.beat("e", listed, List.of(), Set.of(FIRST), later())).isEqualTo(NONE);
    assertThat(watch.beat("e", listed, List.of(), Set.of(FIRST), later()).unknown())
        .containsExactly(SECOND);
  }

  private List<String> ticks(String owner, int count) {
    List<String> silent = List.of();
    for (int i = 0; i < count && silent.isEmpty(); i++) {
      silent = watch.tick(Set.of(owner), later());
    }
    return silent;
  }

  private long later() {
    nowMs += 250;
    return nanos();
  }

  private long nanos() {
    return Duration.ofMillis(nowMs).toNanos();
  }
}
