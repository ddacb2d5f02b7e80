package org.brokecluster.coordinator.history.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.event.ByPlan;
import org.brokecluster.coordinator.history.event.CandidateNote;
import org.brokecluster.coordinator.history.event.NodeOffer;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Ability;
import org.brokecluster.protocol.model.ModelState;
import org.brokecluster.protocol.model.Speed;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.node.ResumeWay;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.state.ModelFacts;
import org.brokecluster.protocol.state.ModelLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final NodeId NODE = NodeId.of("studio-m1");

  static Stream<String> kinds() {
    return SampleEvents.oneOfEach().keySet().stream().sorted();
  }

  @Test
  void hasASampleOfEveryKindOfEvent() {
    assertThat(SampleEvents.oneOfEach().values().stream().<Class<?>>map(Object::getClass))
        .containsExactlyInAnyOrder(RoutingEvent.class.getPermittedSubclasses());
    assertThat(SampleEvents.oneOfEach().keySet())
        .containsExactlyInAnyOrderElementsOf(EventJson.kinds());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void bringsBackWhatItWrote(String kind) throws IOException {
    var event = SampleEvents.oneOfEach().get(kind);

    assertThat(EventJson.decode(EventJson.encode(event).json())).isEqualTo(event);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void writesWhatVersionOneWrote(String kind) throws IOException {
    var written = MAPPER.readTree(EventJson.encode(SampleEvents.oneOfEach().get(kind)).json());

    assertThat(written).isEqualTo(MAPPER.readTree(golden(kind)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void readsWhatVersionOneWrote(String kind) throws IOException {
    assertThat(EventJson.decode(golden(kind))).isEqualTo(SampleEvents.oneOfEach().get(kind));
  }

  @Test
  void ignoresWhatALaterVersionAdds() throws IOException {
    var json = "{\"type\":\"strategy-changed\",\"at\":1,\"strategy\":\"x\",\"later\":{\"a\":[1]}}";

    var event = EventJson.decode(json.getBytes(StandardCharsets.UTF_8));

    assertThat(event).isInstanceOf(RoutingEvent.StrategyChanged.class);
  }

  @Test
  void keepsTheWeightsOfStrategiesThatWereReadAgain() throws IOException {
    var event =
        new RoutingEvent.StrategyChanged(
            SampleEvents.START, "mine", Map.of("mine", Map.of("speed", 1.0, "cost", 0.0)));

    assertThat(EventJson.decode(EventJson.encode(event).json())).isEqualTo(event);
  }

  @Test
  void keepsWhatANodeCanDo() throws IOException {
    var model = ModelId.of("qwen3-14b");
    var offer =
        new NodeOffer(
            8L << 30,
            List.of(
                new NodeOffer.Model(
                    new ModelFacts(
                        model,
                        Tier.BALANCED,
                        "mlx",
                        false,
                        14_000_000_000L,
                        "4bit",
                        8L << 30,
                        null,
                        2,
                        Set.of(Ability.TOOLS)),
                    new ModelLoad(
                        model,
                        ModelState.LOADED,
                        null,
                        null,
                        0,
                        0,
                        true,
                        new Speed(400, 20.5, 5, true)))));
    var event =
        new RoutingEvent.NodeChanged(
            SampleEvents.START, NODE, "joined", Map.of(model, "loaded"), offer);

    assertThat(EventJson.decode(EventJson.encode(event).json())).isEqualTo(event);
    assertThat(EventJson.decode(golden("node-changed")))
        .extracting(old -> ((RoutingEvent.NodeChanged) old).offer())
        .isNull();
  }

  @Test
  void writesADecisionWithEightCandidatesInTwoKibibytes() throws IOException {
    var attempt = new AttemptId(new RequestId("req-0123456789abcdef"), 1);
    var model = ModelId.of("mlx-community/Qwen3-32B-4bit");
    var decided = SampleEvents.decided(SampleEvents.START, attempt, model, NODE, 8);

    var encoded = EventJson.encode(decided);

    assertThat(encoded.json()).hasSizeLessThanOrEqualTo(EventJson.DECIDED_MAX);
    assertThat(encoded.event()).isEqualTo(decided);
  }

  @Test
  void keepsThePlansPartAlsoWhereCandidatesAreLeftOut() throws IOException {
    var attempt = new AttemptId(new RequestId("req-1"), 1);
    var model = ModelId.of("m".repeat(150));
    var plain = SampleEvents.decided(SampleEvents.START, attempt, model, NODE, 8);
    var byPlan = new ByPlan(SampleEvents.START.minusSeconds(60), "w".repeat(200));
    var decided =
        new Decided(
            plain.at(), attempt, plain.placement(), plain.best(), plain.lost(), null, byPlan);

    var stored = (Decided) EventJson.encode(decided).event();

    assertThat(stored.best()).hasSizeLessThan(8);
    assertThat(stored.byPlan()).isEqualTo(byPlan);
    assertThat(EventJson.decode(EventJson.encode(decided).json())).isEqualTo(stored);
  }

  @Test
  void turnsCandidatesThatDoNotFitIntoACount() throws IOException {
    var attempt = new AttemptId(new RequestId("req-1"), 1);
    var longName = ModelId.of("m".repeat(200));
    var short8 = SampleEvents.decided(SampleEvents.START, attempt, longName, NODE, 1);
    var best =
        IntStream.range(0, 8)
            .mapToObj(i -> new CandidateNote(longName, NODE, i, 1, 2, 0.5, "n".repeat(100)))
            .toList();
    var decided =
        new Decided(SampleEvents.START, attempt, short8.placement(), best, Map.of("no room", 2));

    var encoded = EventJson.encode(decided);

    assertThat(encoded.json()).hasSizeLessThanOrEqualTo(EventJson.DECIDED_MAX);
    var stored = (Decided) encoded.event();
    assertThat(stored.best()).hasSizeLessThan(8).startsWith(best.get(0));
    assertThat(stored.lost())
        .containsEntry("no room", 2)
        .containsEntry(EventJson.TRIMMED, 8 - stored.best().size());
    assertThat(EventJson.decode(encoded.json())).isEqualTo(stored);
  }

  @Test
  void keepsTheExactBytesOfEachEventInARow() throws IOException {
    var events = SampleEvents.oneOfEach().values().stream().map(EventJsonTest::encoded).toList();
    var checkpoint = new Checkpoint(110, 1, "aa", "bb", true);
    var batch = new EventBatch(100, events, checkpoint, new Gap(90, 99), "{\"fold\":1}");

    var read = EventBatchJson.decode(EventBatchJson.MANIFEST, EventBatchJson.encode(batch));

    assertThat(read).isEqualTo(batch);
  }

  @Test
  void readsForTheFoldWhatLeadsToTheSameState() throws IOException {
    var events = new ArrayList<EncodedEvent>();
    SampleEvents.oneOfEach().values().forEach(event -> events.add(encoded(event)));
    events.add(0, encoded(SampleEvents.termStarted(1, SampleEvents.START)));
    new SampleEvents(3, SampleEvents.START).take(500).forEach(event -> events.add(encoded(event)));
    var row = EventBatchJson.encode(new EventBatch(1, events, null, null, null));

    var brief = RowReader.forFold().read(EventBatchJson.MANIFEST, row);

    var whole = new RoutingState();
    var fromBrief = new RoutingState();
    for (int i = 0; i < events.size(); i++) {
      whole.apply(i + 1, events.get(i).event());
      fromBrief.apply(i + 1, brief.events().get(i).event());
      assertThat(brief.events().get(i).json()).isEqualTo(events.get(i).json());
    }
    assertThat(fromBrief.json()).isEqualTo(whole.json());
  }

  @Test
  void readsForTheFoldEverythingOfAnEndButItsMessage() throws IOException {
    var report = ((RoutingEvent.Failed) SampleEvents.oneOfEach().get("failed")).report();
    var failed =
        new AttemptReport(
            report.attempt(),
            report.outcome(),
            true,
            report.model(),
            report.node(),
            "length",
            "said \"no\"",
            Usage.estimate(3, 4),
            1L,
            2,
            3L,
            AttemptFailure.Kind.RATE_LIMITED,
            ResumeWay.PREFILL,
            4_000L);
    var event = new RoutingEvent.Failed(SampleEvents.START, failed);
    var row = EventBatchJson.encode(new EventBatch(1, List.of(encoded(event)), null, null, null));

    var brief = RowReader.forFold().read(EventBatchJson.MANIFEST, row).events().get(0).event();

    assertThat(brief).usingRecursiveComparison().ignoringFields("report.error").isEqualTo(event);
    assertThat(AttemptReport.class.getRecordComponents())
        .as("a new component has to be read by BriefReports, and set above")
        .hasSize(14);
  }

  @Test
  void storesNoClassNames() {
    var events = SampleEvents.oneOfEach().values().stream().map(EventJsonTest::encoded).toList();

    var row =
        new String(
            EventBatchJson.encode(new EventBatch(1, events, null, null, null)),
            StandardCharsets.UTF_8);

    assertThat(row).doesNotContain("brokecluster").doesNotContain("RoutingEvent");
    assertThat(EventBatchJson.MANIFEST).isEqualTo("routing-batch:1");
  }

  @Test
  void refusesARowOfAnotherKindAndAGarbledOne() {
    var row = EventBatchJson.encode(new EventBatch(1, List.of(), null, null, null));
    var half = Arrays.copyOf(row, row.length / 2);

    assertThatIOException().isThrownBy(() -> EventBatchJson.decode("routing-batch:9", row));
    assertThatIOException().isThrownBy(() -> EventBatchJson.decode(EventBatchJson.MANIFEST, half));
  }

  private static EncodedEvent encoded(RoutingEvent event) {
    try {
      return EventJson.encode(event);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] golden(String kind) throws IOException {
    try (var in = EventJsonTest.class.getResourceAsStream("/history/v1/" + kind + ".json")) {
      assertThat(in).as("golden sample of %s", kind).isNotNull();
      return in.readAllBytes();
    }
  }
}
