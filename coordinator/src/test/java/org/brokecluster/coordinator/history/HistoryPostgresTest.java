package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.store.HistoryReader;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.id.NodeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a server can do: go away, come back, and be shared. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class HistoryPostgresTest {
  private static PostgresServer server;

  @TempDir Path one;
  @TempDir Path two;

  @BeforeAll
  static void start() {
    server = PostgresServer.start(true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void survivesThatTheServerGoesAwayAndComesBack() {
    var place = new HistoryPlace(one, server.freshDatabase());
    try (var kit = place.open(Map.of())) {
      var sink = kit.write(1, events(1, 500));
      await(kit, sink, new EventSink.Health("ok", 0, 0));

      server.crash();
      events(2, 700).forEach(sink::emit);
      await(kit, sink, "behind");
      server.resume();

      await(kit, sink, new EventSink.Health("ok", 0, 0));
      var report = kit.verify();
      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      assertThat(report.path("events").asLong()).isEqualTo(1201);
    }
  }

  @Test
  void saysThatTheServerDoesNotAnswerAndOpensLater() {
    var place = new HistoryPlace(one, server.freshDatabase());
    server.crash();
    try (var kit = place.open(Map.of())) {
      var sink = kit.write(1, events(1, 50));
      await(kit, sink, "off");
      assertThat(kit.history().state().reason())
          .contains("jdbc:postgresql://127.0.0.1")
          .contains("does not answer")
          .doesNotContain("only-for-tests");

      server.resume();

      await(kit, sink, new EventSink.Health("ok", 0, 0));
    }
  }

  @Test
  void saysThatThePasswordIsWrong() {
    var wrong = new HashMap<>(server.freshDatabase());
    wrong.put("broke.history.database.password", "a wrong one");
    try (var kit = HistoryKit.open(one, wrong)) {
      await(kit, kit.write(1, events(1, 5)), "off");
      assertThat(kit.history().state().reason())
          .contains("does not let us in")
          .doesNotContain("a wrong one");
    }
  }

  @Test
  void letsTwoCoordinatorsContinueOneHistory() throws Exception {
    var settings = server.freshDatabase();
    try (var first = HistoryKit.open(one, settings);
        var second = HistoryKit.open(two, settings)) {
      var samples = SampleEvents.oneOfEach();
      first.write(1, List.of(samples.get("received"), samples.get("decided")));
      first.verify();
      var sink = second.history().sinkForTerm(NodeId.of("studio-m1"), 2);
      sink.emit(SampleEvents.termStarted(2, SampleEvents.START));
      sink.emit(samples.get("completed"));
      second.verify();
      first.write(3, events(3, 200));

      var report = first.verify();

      assertThat(report.path("result").asText()).as(report.toString()).isEqualTo("identical");
      assertThat(report.path("terms").findValuesAsText("term")).containsExactly("1", "2", "3");
      var reader = new HistoryReader(second.database(new HistoryPlace(two, settings)));
      assertThat(reader.highestTerm()).isEqualTo(3);
      var found = reader.requests(500, null, HistoryFilter.ALL).items();
      assertThat(found)
          .filteredOn(item -> item.contains("\"req-1\""))
          .singleElement()
          .satisfies(
              item -> {
                var json = HistoryKit.json(item);
                assertThat(json.path("state").asText()).isEqualTo("completed");
                assertThat(json.path("modelAsked").asText()).isEqualTo("auto");
                assertThat(json.path("coordinator").asText()).isEqualTo("studio-m1");
              });
    }
  }

  private static void await(HistoryKit kit, EventSink sink, String state) {
    TestProbe.<String>create(kit.system())
        .awaitAssert(
            Duration.ofSeconds(60),
            () -> {
              assertThat(sink.health().state()).isEqualTo(state);
              return state;
            });
  }

  private static void await(HistoryKit kit, EventSink sink, EventSink.Health health) {
    TestProbe.<String>create(kit.system())
        .awaitAssert(
            Duration.ofSeconds(60),
            () -> {
              assertThat(sink.health()).isEqualTo(health);
              return "";
            });
  }

  private static List<RoutingEvent> events(long seed, int count) {
    return new SampleEvents(seed, SampleEvents.START).take(count);
  }
}
