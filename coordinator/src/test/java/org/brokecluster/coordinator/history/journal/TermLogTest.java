package org.brokecluster.coordinator.history.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.StrategyChanged;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.junit.jupiter.api.Test;

class TermLogTest {
  private static final Instant START = SampleEvents.START;

  private final TermLog log = log(10, 100, 1000);

  @Test
  void finishesARowWhenItIsFull() {
    add(log, 1, 25);

    assertThat(rows(log)).extracting(EventBatch::firstNumber).containsExactly(1L, 11L);
    log.flush();
    assertThat(rows(log)).hasSize(3);
    assertThat(rows(log).get(2).lastNumber()).isEqualTo(25);
  }

  @Test
  void writesACheckpointEverySoManyEventsInTheSameRow() {
    var log = log(10, 100, 20);
    add(log, 1, 45);

    var checkpoints = rows(log).stream().map(EventBatch::checkpoint).filter(each -> each != null);
    assertThat(checkpoints).extracting(Checkpoint::number).containsExactly(20L, 40L);
    assertThat(rows(log))
        .filteredOn(row -> row.checkpoint() != null)
        .allMatch(row -> row.checkpoint().number() == row.lastNumber());
  }

  @Test
  void writesACheckpointAfterTheLastEventOnce() {
    add(log, 1, 5);
    log.flush();
    log.checkpoint();
    log.checkpoint();

    assertThat(rows(log)).hasSize(2);
    assertThat(rows(log).get(1).events()).isEmpty();
    assertThat(rows(log).get(1).checkpoint().number()).isEqualTo(5);
  }

  @Test
  void addsACheckpointThatIsDueToTheNextRow() {
    add(log, 1, 5);
    log.checkpointSoon();
    log.flush();

    assertThat(rows(log).get(0).checkpoint().number()).isEqualTo(5);
  }

  @Test
  void givesUpTheNewestEventsWhenTheBacklogIsFull() {
    add(log, 1, 130);

    assertThat(log.waiting()).isEqualTo(100);
    assertThat(log.lost()).isEqualTo(30);
    assertThat(log.number()).isEqualTo(130);
    assertThat(rows(log).get(9).lastNumber()).isEqualTo(100);
  }

  @Test
  void takesEventsAgainOnceHalfOfTheBacklogIsStored() {
    add(log, 1, 130);
    log.stored(4);
    add(log, 131, 131);
    assertThat(log.lost()).isEqualTo(31);

    log.stored(1);
    add(log, 132, 133);
    log.flush();

    var all = rows(log);
    var after = all.get(all.size() - 2);
    assertThat(after.gap()).isEqualTo(new Gap(101, 131));
    assertThat(after.firstNumber()).isEqualTo(132);
    assertThat(log.lost()).isEqualTo(31);
  }

  @Test
  void recordsAGapEvenIfNoEventFollows() {
    add(log, 1, 130);
    log.stored(10);

    var last = rows(log).get(0);
    assertThat(last.gap()).isEqualTo(new Gap(101, 130));
    assertThat(last.events()).isEmpty();
    assertThat(last.checkpoint().number()).isEqualTo(130);
  }

  @Test
  void storesTheStateAfterAGapSoThatLaterCheckpointsCompareAgain() {
    add(log, 1, 130);
    log.stored(10);

    var last = rows(log).get(0);
    assertThat(last.base()).isEqualTo(log.state().json());
    assertThat(last.checkpoint().comparable()).isTrue();
  }

  @Test
  void marksCheckpointsAfterAGapWhoseStateIsTooLong() {
    log.add(1, SampleEvents.termStarted(1, START));
    for (int i = 2; i <= 41; i++) {
      log.add(i, manyModels(i));
    }
    log.loseUpTo(50);
    log.add(51, new StrategyChanged(START, "x"));
    log.checkpoint();

    var last = rows(log).get(rows(log).size() - 1);
    assertThat(last.gap()).isEqualTo(new Gap(42, 50));
    assertThat(last.base()).isNull();
    assertThat(last.checkpoint().comparable()).isFalse();
  }

  @Test
  void countsNumbersThatWereJumpedOverAsLost() {
    add(log, 1, 5);
    log.add(9, new StrategyChanged(START, "x"));
    log.flush();

    assertThat(log.lost()).isEqualTo(3);
    assertThat(rows(log).get(1).gap()).isEqualTo(new Gap(6, 8));
    assertThat(rows(log).get(1).firstNumber()).isEqualTo(9);
  }

  @Test
  void startsANewIdWithEachDayAndStoresTheStateThere() {
    log.add(1, SampleEvents.termStarted(1, START));
    log.add(2, new StrategyChanged(START.plus(Duration.ofDays(1)), "x"));
    log.flush();

    var rows = log.head(1);
    assertThat(rows.get(0).id().day()).hasToString("2026-11-21");
    assertThat(rows.get(0).batch().checkpoint().number()).isEqualTo(1);
    log.stored(1);
    rows = log.head(10);
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).id().day()).hasToString("2026-11-22");
    assertThat(rows.get(0).batch().base()).contains("\"number\":1");
  }

  @Test
  void neverGoesBackADay() {
    log.add(1, SampleEvents.termStarted(1, START));
    log.add(2, new StrategyChanged(START.plus(Duration.ofDays(1)), "x"));
    log.add(3, new StrategyChanged(START, "y"));
    log.flush();
    log.stored(1);

    assertThat(log.head(10)).hasSize(1);
    assertThat(log.head(10).get(0).id().day()).hasToString("2026-11-22");
    assertThat(log.head(10).get(0).batch().lastNumber()).isEqualTo(3);
  }

  @Test
  void handsOutRowsOfOneIdOnly() {
    log.add(1, SampleEvents.termStarted(1, START));
    log.add(2, new StrategyChanged(START.plus(Duration.ofDays(1)), "x"));
    log.flush();

    assertThat(log.head(10)).hasSize(1);
  }

  @Test
  void givesUpAnEventThatIsTooLong() {
    log.add(1, SampleEvents.termStarted(1, START));
    log.add(2, new StrategyChanged(START, "x".repeat(EventJson.EVENT_MAX)));
    log.add(3, new StrategyChanged(START, "y"));
    log.flush();

    assertThat(log.lost()).isEqualTo(1);
    assertThat(rows(log).get(1).gap()).isEqualTo(new Gap(2, 2));
  }

  @Test
  void endsWithWhatIsLostAndACheckpoint() {
    add(log, 1, 130);
    log.close();

    var rows = rows(log);
    assertThat(rows.get(rows.size() - 1).gap()).isEqualTo(new Gap(101, 130));
    assertThat(rows.get(rows.size() - 1).checkpoint().number()).isEqualTo(130);
    assertThat(log.hasOpenRow()).isFalse();
  }

  private static TermLog log(int rowEvents, int backlog, int checkpointEvery) {
    return new TermLog(
        SampleEvents.COORDINATOR, 1, new TermLog.Limits(rowEvents, backlog, checkpointEvery));
  }

  private static void add(TermLog log, int from, int to) {
    for (int i = from; i <= to; i++) {
      log.add(i, new StrategyChanged(START, "s" + i));
    }
  }

  private static List<EventBatch> rows(TermLog log) {
    return log.head(1000).stream().map(JournalRow::batch).toList();
  }

  private static RoutingEvent manyModels(int node) {
    var models = new java.util.HashMap<ModelId, String>();
    for (int i = 0; i < 50; i++) {
      models.put(ModelId.of("mlx-community/some-model-with-a-long-name-%d".formatted(i)), "disk");
    }
    return new NodeChanged(START, NodeId.of("node-" + node), "joined", models);
  }

  @Test
  void keepsNothingOfARowOnceItIsStored() {
    add(log, 1, 20);
    log.stored(2);

    assertThat(log.head(10)).isEmpty();
    assertThat(log.waiting()).isZero();
    assertThat(new ArrayList<>(rows(log))).isEmpty();
  }
}
