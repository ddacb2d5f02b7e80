package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol.Document;
import org.brokecluster.protocol.history.HistoryProtocol.ForgetPerson;
import org.brokecluster.protocol.history.HistoryProtocol.GetPast;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequest;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequests;
import org.brokecluster.protocol.history.HistoryProtocol.GetState;
import org.brokecluster.protocol.history.HistoryProtocol.Page;
import org.brokecluster.protocol.history.HistoryProtocol.Query;
import org.brokecluster.protocol.history.HistoryProtocol.Summarize;
import org.brokecluster.protocol.history.HistoryProtocol.Verify;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.router.RequestFacts;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to a history, on a real database of either kind. */
abstract class HistoryQueriesContract {
  @TempDir Path dataDir;
  private HistoryPlace place;
  private HistoryKit kit;
  private ActorRef<Query> history;

  abstract HistoryPlace place(Path folder);

  @BeforeEach
  void choose() {
    place = place(dataDir);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void listsTheLatestRequestsNewestFirst() {
    open(Map.of());
    kit.write(1, new SampleEvents(1, SampleEvents.START).take(800));

    var page = ask(Page.class, replyTo -> new GetRequests(20, null, HistoryFilter.ALL, replyTo));

    assertThat(page.error()).isNull();
    assertThat(page.items()).hasSize(20);
    assertThat(page.next()).isNotNull();
    assertThat(page.items().stream().map(item -> HistoryKit.json(item).path("at").asText()))
        .isSortedAccordingTo((left, right) -> right.compareTo(left));
  }

  @Test
  void leadsFromPageToPageThroughEveryRequestOnce() {
    open(Map.of());
    kit.write(1, new SampleEvents(1, SampleEvents.START).take(800));

    var seen = new ArrayList<String>();
    String cursor = null;
    do {
      var before = cursor;
      var page =
          ask(Page.class, replyTo -> new GetRequests(37, before, HistoryFilter.ALL, replyTo));
      page.items().forEach(item -> seen.add(HistoryKit.json(item).path("request").asText()));
      cursor = page.next();
    } while (cursor != null);

    assertThat(new HashSet<>(seen)).hasSameSizeAs(seen).hasSizeGreaterThan(150);
  }

  @Test
  void summarisesARequest() {
    open(Map.of());
    var samples = SampleEvents.oneOfEach();
    kit.write(
        1,
        List.of(
            samples.get("received"),
            samples.get("queued"),
            samples.get("decided"),
            samples.get("started"),
            samples.get("completed")));

    var summary = request("req-1").path("summary");

    assertThat(summary.path("at").asText()).isEqualTo("2026-11-21T08:00:00.123Z");
    assertThat(summary.path("state").asText()).isEqualTo("completed");
    assertThat(summary.path("modelAsked").asText()).isEqualTo("auto");
    assertThat(summary.path("model").asText()).isEqualTo("mlx-community/Qwen3-32B-4bit");
    assertThat(summary.path("node").asText()).isEqualTo("studio-m1");
    assertThat(summary.path("tier").asText()).isEqualTo("balanced");
    assertThat(summary.path("strategy").asText()).isEqualTo("balanced");
    assertThat(summary.path("attempts").asInt()).isEqualTo(2);
    assertThat(summary.path("promptTokens").asInt()).isEqualTo(17);
    assertThat(summary.path("completionTokens").asInt()).isEqualTo(200);
    assertThat(summary.path("firstTokenMs").asInt()).isEqualTo(812);
    assertThat(summary.path("totalMs").asInt()).isEqualTo(9731);
    assertThat(summary.path("finishReason").asText()).isEqualTo("stop");
    assertThat(summary.path("qualityTemperature").asDouble()).isEqualTo(0.3125);
  }

  @Test
  void tellsEverythingRecordedAboutARequestInOrder() {
    open(Map.of("broke.history.row-events", 3));
    var samples = SampleEvents.oneOfEach();
    kit.write(
        1,
        List.of(
            samples.get("received"),
            samples.get("node-changed"),
            samples.get("queued"),
            samples.get("decided"),
            samples.get("strategy-changed"),
            samples.get("started"),
            samples.get("failed"),
            samples.get("completed")));

    var document = request("req-1");

    assertThat(document.path("events").findValuesAsText("type"))
        .containsExactly("received", "queued", "decided", "started", "failed", "completed");
    var decided = document.path("events").path(2);
    assertThat(decided.path("number").asInt()).isEqualTo(5);
    assertThat(decided.path("at").asText()).isEqualTo("2026-11-21T08:00:00.123Z");
    assertThat(decided.path("best")).hasSize(3);
    assertThat(decided.path("best").path(0).path("note").asText()).isEqualTo("chosen");
    assertThat(document.path("truncated").asBoolean()).isFalse();
  }

  @Test
  void knowsARequestAcrossARestartAndTwoTerms() {
    var samples = SampleEvents.oneOfEach();
    open(Map.of());
    kit.write(1, List.of(samples.get("received"), samples.get("decided")));
    kit.close();
    open(Map.of());
    kit.write(2, List.of(samples.get("received"), samples.get("completed")));

    var document = request("req-1");

    assertThat(document.path("summary").path("state").asText()).isEqualTo("completed");
    assertThat(document.path("summary").path("term").asInt()).isEqualTo(2);
    assertThat(document.path("events").findValuesAsText("term"))
        .containsExactly("1", "1", "2", "2");
  }

  @Test
  void makesItsTableAgainFromTheJournal() throws Exception {
    open(Map.of());
    kit.write(1, new SampleEvents(1, SampleEvents.START).take(500));
    var before = ask(Page.class, replyTo -> new GetRequests(500, null, HistoryFilter.ALL, replyTo));
    kit.close();
    place.sql("DELETE FROM \"request\"");
    place.sql("DELETE FROM \"projection\"");

    open(Map.of());

    assertThat(
            ask(Page.class, replyTo -> new GetRequests(500, null, HistoryFilter.ALL, replyTo))
                .items())
        .isEqualTo(before.items());
  }

  @Test
  void findsRequestsByWhatIsKnownOfThem() {
    open(Map.of());
    var samples = new SampleEvents(1, SampleEvents.START);
    kit.write(1, samples.take(800));

    var all = items(HistoryFilter.ALL);
    var failed = items(filter("completed", null, null));
    var onMini = items(filter(null, "mini-m1", null));
    var slow = items(filter(null, null, 30_000L));

    assertThat(failed).hasSizeLessThan(all.size()).isNotEmpty();
    assertThat(failed).allMatch(item -> item.path("state").asText().equals("completed"));
    assertThat(onMini).isNotEmpty().allMatch(item -> item.path("node").asText().equals("mini-m1"));
    assertThat(slow).isNotEmpty().allMatch(item -> item.path("totalMs").asLong() >= 30_000);
    assertThat(all.stream().filter(item -> item.path("totalMs").asLong() >= 30_000))
        .hasSameSizeAs(slow);
  }

  @Test
  void findsRequestsOfATime() {
    open(Map.of());
    kit.write(1, new SampleEvents(1, SampleEvents.START).take(800));
    var all = items(HistoryFilter.ALL);
    var middle = Instant.parse(all.get(all.size() / 2).path("at").asText());

    var late = items(HistoryFilter.between(middle, null));
    var early = items(HistoryFilter.between(null, middle));

    assertThat(late).isNotEmpty();
    assertThat(late.size() + early.size()).isEqualTo(all.size());
    assertThat(late).allMatch(item -> !Instant.parse(item.path("at").asText()).isBefore(middle));
  }

  @Test
  void sumsUpRequestsInGroups() {
    open(Map.of());
    var samples = SampleEvents.oneOfEach();
    kit.write(
        1, List.of(samples.get("received"), samples.get("decided"), samples.get("completed")));

    var summary =
        HistoryKit.json(
            ask(Document.class, replyTo -> new Summarize(HistoryFilter.ALL, "node", replyTo))
                .json());

    var group = summary.path("groups").path(0);
    assertThat(group.path("name").asText()).isEqualTo("studio-m1");
    assertThat(group.path("requests").asInt()).isEqualTo(1);
    assertThat(group.path("share").asDouble()).isEqualTo(1);
    assertThat(group.path("completed").asInt()).isEqualTo(1);
    assertThat(group.path("firstTokenMs").path("p95").asDouble()).isEqualTo(812);
    assertThat(group.path("totalMs").path("p50").asDouble()).isEqualTo(9731);
    assertThat(group.path("tokensPerSecond").asDouble()).isEqualTo(22.472);
    assertThat(group.path("tokenMs").path("p50").asDouble()).isEqualTo(44.724);
    assertThat(summary.path("total").path("requests").asInt()).isEqualTo(1);
    assertThat(
            ask(Document.class, replyTo -> new Summarize(HistoryFilter.ALL, "x", replyTo)).error())
        .contains("by must be one of");
  }

  @Test
  void keepsNamesOutOfTheEventsAndForgetsThem() throws Exception {
    open(Map.of());
    kit.write(1, List.of(by("req-a", "ada"), by("req-b", "ada"), by("req-c", "bob")));

    var items = items(filter("ada"));

    assertThat(items).extracting(item -> item.path("user").asText()).containsOnly("ada").hasSize(2);
    var forgotten =
        HistoryKit.json(ask(Document.class, replyTo -> new ForgetPerson("ada", replyTo)).json());
    assertThat(forgotten.path("forgotten").asInt()).isEqualTo(1);
    assertThat(items(filter("ada"))).isEmpty();
    assertThat(items(HistoryFilter.ALL))
        .extracting(item -> item.path("user").asText())
        .anyMatch(name -> name.startsWith("u-"))
        .contains("bob")
        .doesNotContain("ada");
    kit.close();
    try (var connection = place.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT \"event_payload\" FROM \"event_journal\"")) {
      while (rows.next()) {
        assertThat(new String(rows.getBytes(1), StandardCharsets.UTF_8))
            .doesNotContain("ada")
            .doesNotContain("bob")
            .doesNotContain("secret session");
      }
    }
    open(Map.of());
    assertThat(items(filter("bob"))).hasSize(1);
  }

  @Test
  void goesBackToAPastMoment() {
    open(Map.of("broke.history.row-events", 10));
    var samples = new SampleEvents(7, SampleEvents.START);
    var events = samples.take(1200);
    kit.write(1, events);
    var at = events.get(600).at();
    var then = new RoutingState();
    then.apply(1, SampleEvents.termStarted(1, events.get(0).at()));
    long number = 2;
    for (var event : events) {
      if (!event.at().isAfter(at)) {
        then.apply(number++, event);
      }
    }

    var past = HistoryKit.json(ask(Document.class, replyTo -> new GetPast(at, replyTo)).json());

    var state = HistoryKit.json(then.json());
    assertThat(past.path("event").asLong()).isEqualTo(number - 1);
    assertThat(past.path("complete").asBoolean()).isTrue();
    assertThat(past.path("members")).isEqualTo(state.path("members"));
    assertThat(past.path("running").size() + past.path("waiting").size())
        .isEqualTo(state.path("open").size())
        .isPositive();
    assertThat(past.path("models").size()).isPositive();
    var before = SampleEvents.START.minusSeconds(60);
    assertThat(ask(Document.class, replyTo -> new GetPast(before, replyTo)))
        .isEqualTo(new Document(null, null));
  }

  @Test
  void hasNothingToSayOfAnUnknownRequest() {
    open(Map.of());

    var document =
        ask(Document.class, replyTo -> new GetRequest(new RequestId("req-nobody"), replyTo));

    assertThat(document).isEqualTo(new Document(null, null));
  }

  @Test
  void refusesACursorThatIsNone() {
    open(Map.of());

    var page =
        ask(Page.class, replyTo -> new GetRequests(10, "yesterday", HistoryFilter.ALL, replyTo));

    assertThat(page.error()).contains("not a cursor").contains("yesterday");
  }

  @Test
  void verifiesWhatWasEmittedBeforeTheQuestion() {
    open(Map.of("broke.history.flush-interval", "10s"));
    kit.write(1, new SampleEvents(1, SampleEvents.START).take(42));

    var report = HistoryKit.json(ask(Document.class, Verify::new).json());

    assertThat(report.path("result").asText()).isEqualTo("identical");
    assertThat(report.path("events").asInt()).isEqualTo(43);
  }

  @Test
  void tellsItsState() {
    open(Map.of());
    kit.write(3, new SampleEvents(1, SampleEvents.START).take(42));
    ask(Document.class, Verify::new);

    var state = HistoryKit.json(ask(Document.class, GetState::new).json());

    assertThat(state.path("state").asText()).isEqualTo("ok");
    assertThat(state.path("term").asInt()).isEqualTo(3);
    assertThat(state.path("emitted").asInt()).isEqualTo(43);
    assertThat(state.path("stored").asInt()).isEqualTo(43);
    assertThat(state.path("lost").asInt()).isZero();
    assertThat(state.path("file").asText()).isNotBlank().doesNotContain("only-for-tests");
    assertThat(state.path("bytes").asLong()).isPositive();
    assertThat(state.path("reason").isNull()).isTrue();
  }

  @Test
  void saysWhyItCannotAnswer() {
    open(Map.of("broke.history.enabled", false));

    assertThat(ask(Document.class, Verify::new).error()).contains("broke.history.enabled");
    assertThat(
            ask(Page.class, replyTo -> new GetRequests(10, null, HistoryFilter.ALL, replyTo))
                .error())
        .contains("broke.history.enabled");
  }

  private void open(Map<String, Object> overrides) {
    kit = place.open(overrides);
    history = kit.system().systemActorOf(kit.history().queries(), "queries", Props.empty());
  }

  private JsonNode request(String id) {
    var document = ask(Document.class, replyTo -> new GetRequest(new RequestId(id), replyTo));
    assertThat(document.error()).isNull();
    assertThat(document.json()).isNotNull();
    return HistoryKit.json(document.json());
  }

  private List<JsonNode> items(HistoryFilter filter) {
    var page = ask(Page.class, replyTo -> new GetRequests(500, null, filter, replyTo));
    assertThat(page.error()).isNull();
    return page.items().stream().map(HistoryKit::json).toList();
  }

  private static HistoryFilter filter(String user) {
    return new HistoryFilter(null, null, user, null, null, null, null, null, null, null, null);
  }

  private static HistoryFilter filter(
      @Nullable String state, @Nullable String node, @Nullable Long slowMs) {
    return new HistoryFilter(null, null, null, null, null, node, state, null, null, slowMs, null);
  }

  private static RoutingEvent by(String request, String user) {
    var facts = SampleEvents.facts(10);
    var wishes =
        new Wishes(
            null,
            null,
            null,
            null,
            "tester",
            null,
            null,
            null,
            "secret session",
            user,
            TrafficClass.AGENT,
            List.of());
    return new RoutingEvent.Received(
        SampleEvents.START,
        new RequestId(request),
        new RequestFacts(
            facts.api(),
            facts.model(),
            facts.stream(),
            facts.profile(),
            facts.promptTokens(),
            facts.promptBytes(),
            facts.maxTokens(),
            facts.needs(),
            wishes,
            facts.prefix()));
  }

  private <T> T ask(Class<T> type, Function<ActorRef<T>, Query> query) {
    var probe = TestProbe.create(type, kit.system());
    history.tell(query.apply(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(30));
  }
}
