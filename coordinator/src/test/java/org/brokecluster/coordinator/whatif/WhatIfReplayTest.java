package org.brokecluster.coordinator.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.brokecluster.coordinator.history.HistoryKit;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Completed;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.NodeChanged;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.protocol.history.WhatIf;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.Wishes;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a recorded day that is made up: two machines with one model of one slot each, of which the
 * answers took half as long again as the formula says.
 */
class WhatIfReplayTest {
  private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
  private static final ModelId MODEL = ModelId.of("qwen3-14b");
  private static final double OFF = 1.5;
  private static final long DECODE_MS = (long) (100 * 1000.0 / 20 * OFF);
  private static final long PREFILL_MS = (long) (400 * 1000.0 / 400 * OFF);

  private final WhatIfReplay replay = new WhatIfReplay(ConfigFactory::load, Map::of);

  @Test
  void reproducesWhatWasAndSaysSo() {
    var answer = answer(order(null, Map.of(), List.of(), List.of()));

    var validation = answer.path("validation");
    assertThat(validation.path("verdict").asText()).as(answer.toString()).isEqualTo("good");
    assertThat(validation.path("compared").asInt()).isEqualTo(60);
    assertThat(validation.path("medianErrorShare").asDouble()).isLessThan(0.01);
    assertThat(answer.path("recorded").path("answered").asInt()).isEqualTo(60);
    assertThat(answer.path("reproduced").path("answered").asInt()).isEqualTo(60);
    assertThat(answer.path("supposed")).isEqualTo(answer.path("reproduced"));
  }

  @Test
  void takesLongerWithoutAMachine() {
    var answer = answer(order(null, Map.of(), List.of("mini"), List.of()));

    var supposed = answer.path("supposed");
    assertThat(supposed.path("nodes").findValuesAsText("name")).containsExactly("studio");
    assertThat(mean(supposed)).isGreaterThan(1.5 * mean(answer.path("reproduced")));
  }

  @Test
  void takesNoLongerWithAMachineMore() {
    var answer = answer(order(null, Map.of(), List.of("mini"), List.of("m3-ultra:96")));

    var supposed = answer.path("supposed");
    assertThat(supposed.path("nodes").findValuesAsText("name"))
        .anyMatch(name -> name.startsWith("added-1"));
    assertThat(mean(supposed)).isLessThan(1.5 * mean(answer.path("reproduced")));
  }

  @Test
  void refusesRequestsThatAShorterQueueWouldNotHaveTaken() {
    var answer = answer(order(null, Map.of("queue.per-model", "1"), List.of("mini"), List.of()));

    assertThat(answer.path("reproduced").path("refused").asInt()).isZero();
    assertThat(answer.path("supposed").path("refused").asInt()).isPositive();
  }

  @Test
  void letsARequestWaitForMachinesThatWereStillJoining() {
    var hearing = replay.begin(order(null, Map.of(), List.of(), List.of()));
    day(START.plusSeconds(4)).forEach(hearing::event);

    var answer = HistoryKit.json(hearing.answer());

    assertThat(answer.path("reproduced").path("refusals")).isEmpty();
    assertThat(answer.path("reproduced").path("answered").asInt()).isEqualTo(60);
  }

  @Test
  void isTheSameEachTime() {
    var order = order("speed-priority", Map.of(), List.of(), List.of("m1:16"));

    assertThat(answer(order)).isEqualTo(answer(order));
  }

  @Test
  void saysWhatIsWrongWithAnOrder() {
    assertThatThrownBy(() -> answer(order("none-such", Map.of(), List.of(), List.of())))
        .hasMessageContaining("none-such")
        .hasMessageContaining("balanced");
    assertThatThrownBy(() -> answer(order(null, Map.of("tick", "never"), List.of(), List.of())))
        .hasMessageContaining("broke.router.tick");
    assertThatThrownBy(() -> answer(order(null, Map.of(), List.of("nobody"), List.of())))
        .hasMessageContaining("nobody")
        .hasMessageContaining("studio");
    assertThatThrownBy(() -> answer(order(null, Map.of(), List.of(), List.of("z80:1"))))
        .hasMessageContaining("z80")
        .hasMessageContaining("M2 Ultra");
  }

  @Test
  void tellsNothingOfThisMachineToWhoeverAsks(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("f.conf"), "broke.router.tick = of-a-file");
    var including = "interval = 1s\ninclude file(\"" + file + "\")\nx";

    assertThatThrownBy(
            () -> answer(order(null, Map.of("tick", "${java.home}"), List.of(), List.of())))
        .message()
        .contains("broke.router.tick")
        .doesNotContain(System.getProperty("java.home"));
    assertThatThrownBy(() -> answer(order(null, Map.of(including, "1"), List.of(), List.of())))
        .message()
        .contains("not a setting")
        .doesNotContain("of-a-file");
  }

  @Test
  void refusesASettingThatDoesNotExist() {
    assertThatThrownBy(
            () -> answer(order(null, Map.of("queue.per-modell", "1"), List.of(), List.of())))
        .hasMessageContaining("did you mean broke.router.queue.per-model?");
  }

  @Test
  void saysWhenAReplayIsPoor() {
    var hearing = replay.begin(order(null, Map.of(), List.of(), List.of()));
    int[] number = {0};
    for (var event : day()) {
      hearing.event(
          event instanceof Completed completed && number[0]++ % 2 == 0
              ? new Completed(completed.at(), longer(completed.report()))
              : event);
    }

    var validation = HistoryKit.json(hearing.answer()).path("validation");

    assertThat(validation.path("verdict").asText()).isEqualTo("poor");
    assertThat(validation.path("statement").asText()).contains("do not rely");
  }

  private JsonNode answer(WhatIf order) {
    var hearing = replay.begin(order);
    day().forEach(hearing::event);
    return HistoryKit.json(hearing.answer());
  }

  private static double mean(JsonNode side) {
    return side.path("totalMs").path("mean").asDouble();
  }

  private static WhatIf order(
      String strategy, Map<String, String> settings, List<String> without, List<String> add) {
    var changed =
        settings.entrySet().stream()
            .map(each -> new WhatIf.Setting(each.getKey(), each.getValue()))
            .toList();
    return new WhatIf(START, START.plusSeconds(86_400), strategy, changed, without, add);
  }

  /** Sixty requests, two at a time, each pair 10 s after the last: no machine ever has a queue. */
  private static List<RoutingEvent> day() {
    return day(START.minusSeconds(9));
  }

  private static List<RoutingEvent> day(Instant joined) {
    var events = new ArrayList<RoutingEvent>();
    events.add(SampleEvents.termStarted(1, START.minusSeconds(10)));
    for (var node : List.of("studio", "mini")) {
      events.add(
          new NodeChanged(joined, NodeId.of(node), "joined", Map.of(MODEL, "loaded"), offer()));
    }
    for (int i = 0; i < 60; i++) {
      var at = START.plusSeconds(i / 2 * 10L);
      events.addAll(answered(i, at, i % 2 == 0 ? "mini" : "studio"));
    }
    events.sort(Comparator.comparing(RoutingEvent::at));
    return events;
  }

  private static List<RoutingEvent> answered(int number, Instant at, String node) {
    var attempt = new AttemptId(new RequestId("req-" + number), 1);
    var placement =
        new Placement(
            MODEL,
            NodeId.of(node),
            Tier.BALANCED,
            "balanced",
            0.2,
            "prior",
            PREFILL_MS,
            PREFILL_MS + DECODE_MS,
            0);
    var report =
        new AttemptReport(
            attempt,
            AttemptOutcome.COMPLETED,
            true,
            MODEL,
            NodeId.of(node),
            "stop",
            null,
            new Usage(400, 100, 0),
            PREFILL_MS,
            PREFILL_MS + DECODE_MS,
            DECODE_MS,
            null,
            null);
    return List.of(
        new Received(at, attempt.request(), facts()),
        new Decided(at, attempt, placement, List.of(), Map.of()),
        new Completed(at.plusMillis(PREFILL_MS + DECODE_MS), report));
  }

  private static AttemptReport longer(AttemptReport report) {
    return new AttemptReport(
        report.attempt(),
        report.outcome(),
        true,
        report.model(),
        report.node(),
        "stop",
        null,
        report.usage(),
        5 * PREFILL_MS,
        5 * report.totalMs(),
        5 * DECODE_MS,
        null,
        null);
  }

  private static RequestFacts facts() {
    var sample = SampleEvents.facts(400);
    return new RequestFacts(
        sample.api(),
        "auto",
        true,
        sample.profile(),
        400,
        1600,
        null,
        Set.of(),
        Wishes.NONE,
        List.of());
  }

  private static NodeOffer offer() {
    var facts =
        new ModelFacts(
            MODEL,
            Tier.BALANCED,
            "mlx",
            false,
            14_000_000_000L,
            "4bit",
            8L << 30,
            32_768,
            1,
            Set.of(Ability.values()));
    var load =
        new ModelLoad(
            MODEL, ModelState.LOADED, null, null, 0, 0, false, new Speed(400, 20, 5, true));
    return new NodeOffer(8L << 30, List.of(new NodeOffer.Model(facts, load)));
  }
}
