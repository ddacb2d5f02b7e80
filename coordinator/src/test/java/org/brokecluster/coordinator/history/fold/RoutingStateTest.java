package org.brokecluster.coordinator.history.fold;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.brokecluster.coordinator.breaker.Breakers;
import org.brokecluster.coordinator.history.SampleEvents;
import org.brokecluster.coordinator.history.event.Reckoning;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.event.RoutingEvent.Started;
import org.brokecluster.coordinator.history.journal.EventJson;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.node.AttemptFailure;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingStateTest {
  private static final NodeId NODE = NodeId.of("studio-m1");
  private static final ModelId MODEL = ModelId.of("mlx-community/Qwen3-32B-4bit");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void givesOneStateForOneSequence(long seed) {
    var events = events(seed, 3000);

    assertThat(fold(events).hash()).isEqualTo(fold(events).hash());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesTheSameStateWhenItIsStoredAndReadBackAnywhere(long seed) {
    var events = events(seed, 2000);
    var cuts = new Random(seed);

    var state = new RoutingState();
    var whole = new RoutingState();
    for (int i = 0; i < events.size(); i++) {
      state.apply(i + 1, events.get(i));
      whole.apply(i + 1, events.get(i));
      if (cuts.nextInt(100) == 0) {
        whole.learnAnew();
        state = RoutingState.fromJson(state.json());
      }
    }

    assertThat(state.hash()).isEqualTo(whole.hash());
    assertThat(fold(events).learned()).isNotZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesTheSameStateFromWhatIsStoredOfTheEvents(long seed) throws Exception {
    var events = events(seed, 2000);
    var state = new RoutingState();
    var failed = new HashSet<Breakers.Place>();
    long number = 0;
    for (var event : events) {
      state.apply(++number, EventJson.decode(EventJson.encode(event).json()));
      failed.addAll(state.failedPlaces());
    }

    assertThat(state.json()).isEqualTo(fold(events).json());
    assertThat(failed).as("a sequence in which something breaks").hasSizeGreaterThan(5);
  }

  @Test
  void hasAnotherHashWhereSomethingElseWasLearned() {
    var events = new ArrayList<>(events(4, 500));
    var rated = fold(events);
    events.replaceAll(
        event ->
            event instanceof RoutingEvent.Decided decided && decided.reckoning() != null
                ? slower(decided)
                : event);

    var other = fold(events);

    assertThat(other.learned()).isNotEqualTo(rated.learned());
    assertThat(other.hash()).isNotEqualTo(rated.hash());
    other.learnAnew();
    rated.learnAnew();
    assertThat(other.json()).as("all but what was learned").isEqualTo(rated.json());
  }

  private static RoutingEvent slower(RoutingEvent.Decided decided) {
    return new RoutingEvent.Decided(
        decided.at(),
        decided.attempt(),
        decided.placement(),
        decided.best(),
        decided.lost(),
        new Reckoning(0.6, 700, 12_001, null),
        null);
  }

  @Test
  void leavesAPlaceAloneAsTheRouterDid() {
    var events = new ArrayList<RoutingEvent>();
    events.add(SampleEvents.termStarted(3, SampleEvents.START));
    events.add(failed(1_000));
    var at = SampleEvents.START.toEpochMilli();
    assertThat(fold(events).leftAlone(at + 1_001)).isEmpty();

    events.add(failed(2_000));

    var state = fold(events);
    assertThat(state.leftAlone(at + 2_300))
        .singleElement()
        .satisfies(
            place -> {
              assertThat(place.node()).isEqualTo(NODE);
              assertThat(place.model()).isEqualTo(MODEL);
              assertThat(place.failures()).isEqualTo(2);
              assertThat(place.failedMs()).isEqualTo(at + 2_000);
            });
    assertThat(state.leftAlone(at + 2_700)).as("time for a probe").isEmpty();
    var attempt = new AttemptId(new RequestId("req-2"), 1);
    var probe = SampleEvents.START.plusMillis(2_700);
    events.add(SampleEvents.decided(probe, attempt, MODEL, NODE, 1));
    assertThat(fold(events).leftAlone(at + 2_800)).as("one probe at a time").hasSize(1);
    events.add(new RoutingEvent.NodeChanged(probe, NODE, "left", null));
    assertThat(fold(events).failedPlaces()).isEmpty();
  }

  @Test
  void knowsNoBreakersOfATermThatDoesNotTellOfThem() {
    var old = List.of(SampleEvents.oneOfEach().get("term-started"), failed(1), failed(2));

    var state = fold(old);

    assertThat(state.fold()).isEqualTo(1);
    assertThat(state.failedPlaces()).isEmpty();
    assertThat(state.json()).contains("\"fold\":1").doesNotContain("breakers");
    assertThat(RoutingState.fromJson(state.json()).json()).isEqualTo(state.json());
  }

  private static RoutingEvent failed(long afterMs) {
    var attempt = new AttemptId(new RequestId("req-1"), 1);
    return new RoutingEvent.Failed(
        SampleEvents.START.plusMillis(afterMs),
        new AttemptReport(
            attempt,
            AttemptOutcome.FAILED,
            true,
            MODEL,
            NODE,
            null,
            "stalled",
            Usage.NONE,
            null,
            10,
            null,
            AttemptFailure.Kind.STALLED,
            null));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void givesAnotherStateWhenOneEventIsMissing(long seed) {
    var events = events(seed, 500);
    var fewer = new ArrayList<>(events);
    fewer.remove(250);

    var whole = fold(events);
    var broken = fold(fewer);
    broken.skipTo(whole.number());

    assertThat(broken.hash()).isNotEqualTo(whole.hash());
  }

  @Test
  void writesSortedKeysAndWholeNumbersOnly() throws Exception {
    var json = new ObjectMapper().readTree(fold(events(1, 2000)).json());

    assertCanonical(json);
    assertThat(json.path("fold").asInt()).isEqualTo(RoutingState.FOLD);
  }

  @Test
  void countsWhatAnAnswerTook() {
    var state = fold(List.of(SampleEvents.oneOfEach().get("completed")));

    assertThat(state.total(Total.COMPLETED)).isEqualTo(1);
    assertThat(state.total(Total.COMPLETION_TOKENS)).isEqualTo(200);
    assertThat(state.models().get(MODEL.value()).get(Tally.COMPLETED)).isEqualTo(1);
    assertThat(state.nodes().get(NODE.value()).get(Tally.PROMPT_TOKENS)).isEqualTo(17);
    assertThat(state.learned(MODEL, NODE))
        .isEqualTo(new LearnedSpeed(1, 0, 812.0, 1000.0 * 199 / 8900));
  }

  @Test
  void keepsARequestOpenUntilItsLastAttemptEnds() {
    var samples = SampleEvents.oneOfEach();
    var received = samples.get("received");

    assertThat(fold(List.of(received, samples.get("failed"))).open()).containsExactly("req-1");
    assertThat(fold(List.of(received, samples.get("failed"), samples.get("completed"))).open())
        .isEmpty();
    assertThat(fold(List.of(received, samples.get("refused"))).total(Total.REQUESTS_REFUSED))
        .isEqualTo(1);
  }

  @Test
  void doesNotOpenARequestAgainWhenTheNodesWordComesLate() {
    var late = new Started(SampleEvents.START, new AttemptId(new RequestId("req-1"), 1), NODE);

    assertThat(fold(List.of(SampleEvents.oneOfEach().get("completed"), late)).open()).isEmpty();
  }

  @Test
  void startsAnewWithATerm() {
    var events = new ArrayList<>(events(1, 300));
    events.add(SampleEvents.termStarted(9, SampleEvents.START));

    var state = fold(events);

    assertThat(state.term()).isEqualTo(9);
    assertThat(state.open()).isEmpty();
    assertThat(state.total(Total.RECEIVED)).isZero();
    assertThat(state.members()).isEmpty();
  }

  @Test
  void knowsWhoIsAMember() {
    var joined = new RoutingEvent.NodeChanged(SampleEvents.START, NODE, "joined", null);
    var draining = new RoutingEvent.NodeChanged(SampleEvents.START, NODE, "draining", null);
    var left = new RoutingEvent.NodeChanged(SampleEvents.START, NODE, "left", null);

    assertThat(fold(List.of(joined)).members()).containsEntry("studio-m1", "up");
    assertThat(fold(List.of(joined, draining)).members()).containsEntry("studio-m1", "draining");
    assertThat(fold(List.of(joined, draining, left)).members()).isEmpty();
  }

  @Test
  void givesUpTheOldestOpenRequestBeyondItsBound() {
    var state = new RoutingState();
    var facts = SampleEvents.facts(1);
    for (int i = 1; i <= RoutingState.OPEN_MAX + 3; i++) {
      state.apply(i, new Received(SampleEvents.START, new RequestId("r" + i), facts));
    }

    assertThat(state.open()).hasSize(RoutingState.OPEN_MAX).startsWith("r4");
    assertThat(state.total(Total.REQUESTS_FORGOTTEN)).isEqualTo(3);
  }

  private static List<RoutingEvent> events(long seed, int count) {
    var events = new ArrayList<RoutingEvent>();
    events.add(SampleEvents.termStarted(3, SampleEvents.START));
    events.addAll(new SampleEvents(seed, SampleEvents.START).take(count));
    return events;
  }

  private static RoutingState fold(List<RoutingEvent> events) {
    var state = new RoutingState();
    for (int i = 0; i < events.size(); i++) {
      state.apply(i + 1, events.get(i));
    }
    return state;
  }

  private static void assertCanonical(JsonNode json) {
    var names = new ArrayList<String>();
    json.fieldNames().forEachRemaining(names::add);
    assertThat(names).isSorted();
    assertThat(json.isFloatingPointNumber()).isFalse();
    json.forEach(RoutingStateTest::assertCanonical);
  }
}
