package org.brokecluster.coordinator.history.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.brokecluster.protocol.id.NodeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryIdTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 21);

  @Test
  void namesCoordinatorTermAndDay() {
    assertThat(id("studio-m2", 7, DAY).persistenceId()).isEqualTo("routing-studio-m2-7-2026-11-21");
  }

  @Test
  void readsWhatItWrote() {
    var id = id("a-1-2026-01-01", 12, DAY);

    assertThat(HistoryId.parse(id.persistenceId())).contains(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "routing-",
        "other-studio-7-2026-11-21",
        "routing-studio-7-2026-13-41",
        "routing-studio-x-2026-11-21",
        "routing-7-2026-11-21"
      })
  void readsNoOtherText(String text) {
    assertThat(HistoryId.parse(text)).isEmpty();
  }

  @Test
  void isReplayedByTermThenDay() {
    var inOrder =
        List.of(id("b", 2, DAY), id("b", 2, DAY.plusDays(1)), id("b", 9, DAY), id("a", 10, DAY));

    assertThat(Stream.of(inOrder.get(3), inOrder.get(1), inOrder.get(0), inOrder.get(2)).sorted())
        .containsExactlyElementsOf(inOrder);
  }

  private static HistoryId id(String coordinator, long term, LocalDate day) {
    return new HistoryId(NodeId.of(coordinator), term, day);
  }
}
