package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Decided;
import org.brokecluster.coordinator.history.event.RoutingEvent.Refused;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol.Document;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequest;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequests;
import org.brokecluster.protocol.history.HistoryProtocol.Page;
import org.brokecluster.protocol.history.HistoryProtocol.Verify;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Tier;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.Placement;
import org.brokecluster.protocol.router.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Questions to a history, on a real database of either kind. */
abstract class HistoryQueriesContract extends HistoryAsking {
  private static final NodeId STUDIO = NodeId.of("studio-m2");
  private static final NodeId MINI = NodeId.of("mini-m1");
  private static final ModelId MODEL = ModelId.of("mlx-community/Qwen3-32B-4bit");

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
    assertThat(summary.path("attempts").asInt()).as("placed attempts").isEqualTo(1);
    assertThat(summary.path("promptTokens").asInt()).isEqualTo(17);
    assertThat(summary.path("completionTokens").asInt()).isEqualTo(200);
    assertThat(summary.path("firstTokenMs").asInt()).isEqualTo(812);
    assertThat(summary.path("totalMs").asInt()).isEqualTo(9731);
    assertThat(summary.path("finishReason").asText()).isEqualTo("stop");
    assertThat(summary.path("qualityTemperature").asDouble()).isEqualTo(0.3125);
  }

  @Test
  void saysOfAnAnswerThatBrokeForGoodWhatItsClientHadAndWasTold() {
    open(Map.of());
    kit.write(
        1,
        List.of(
            SampleEvents.oneOfEach().get("received"),
            placed(1, STUDIO, 0.12),
            ended(1, STUDIO, AttemptOutcome.FAILED, false, new Usage(0, 34, 0, true)),
            refused(2),
            placed(3, MINI, 0.41),
            refused(4),
            ended(3, MINI, AttemptOutcome.FAILED, false, new Usage(0, 34, 0, true)),
            ended(5, null, AttemptOutcome.FAILED, true, new Usage(0, 34, 0, true))));

    var summary = request("req-1").path("summary");

    assertThat(summary.path("state").asText()).isEqualTo("failed");
    assertThat(summary.path("error").asText()).isEqualTo("node_lost");
    assertThat(summary.path("attempts").asInt()).isEqualTo(2);
    assertThat(summary.path("node").asText()).as("the last that had it").isEqualTo("mini-m1");
    assertThat(summary.path("completionTokens").asInt()).isEqualTo(34);
    assertThat(summary.path("firstTokenMs").asInt()).isEqualTo(120);
    assertThat(summary.path("promptTokens").asInt()).as("as estimated").isEqualTo(17);
  }

  @Test
  void saysTheSameOfOneThatAnEarlierVersionRecordedWithoutItsLastWord() {
    open(Map.of());
    kit.write(
        1,
        List.of(
            SampleEvents.oneOfEach().get("received"),
            placed(1, STUDIO, 0.12),
            ended(1, STUDIO, AttemptOutcome.FAILED, false, Usage.NONE),
            refused(2)));

    var summary = request("req-1").path("summary");

    assertThat(summary.path("state").asText()).isEqualTo("failed");
    assertThat(summary.path("error").asText()).isEqualTo("node_lost");
    assertThat(summary.path("attempts").asInt()).isEqualTo(1);
  }

  @Test
  void describesTheAnswerByTheAttemptThatGaveItAndNotByOneThatWasToTakeOver() {
    open(Map.of());
    kit.write(
        1,
        List.of(
            SampleEvents.oneOfEach().get("received"),
            placed(1, STUDIO, 0.12),
            placed(2, MINI, 0.41),
            ended(1, STUDIO, AttemptOutcome.COMPLETED, true, new Usage(17, 200, 0))));

    var summary = request("req-1").path("summary");

    assertThat(summary.path("node").asText()).isEqualTo("studio-m2");
    assertThat(summary.path("qualityTemperature").asDouble()).isEqualTo(0.12);
    assertThat(summary.path("attempts").asInt()).isEqualTo(1);
    assertThat(summary.path("rescued").asBoolean()).isFalse();
  }

  @Test
  void callsRefusedWhatNoNodeEverHad() {
    open(Map.of());
    kit.write(
        1,
        List.of(
            SampleEvents.oneOfEach().get("received"),
            ended(1, null, AttemptOutcome.FAILED, true, Usage.NONE)));

    var summary = request("req-1").path("summary");

    assertThat(summary.path("state").asText()).isEqualTo("refused");
    assertThat(summary.path("attempts").asInt()).isZero();
  }

  private static AttemptId attempt(int number) {
    return new AttemptId(new RequestId("req-1"), number);
  }

  private static RoutingEvent placed(int attempt, NodeId node, double risk) {
    var placement =
        new Placement(MODEL, node, Tier.PREMIUM, "balanced", risk, "prior", 100, 900, 0);
    return new Decided(SampleEvents.START, attempt(attempt), placement, List.of(), Map.of());
  }

  private static RoutingEvent refused(int attempt) {
    return new Refused(
        SampleEvents.START, attempt(attempt), Refusal.NO_CANDIDATE_LEFT, "nobody", null);
  }

  private static RoutingEvent ended(
      int attempt, @Nullable NodeId node, AttemptOutcome outcome, boolean last, Usage usage) {
    boolean whole = outcome == AttemptOutcome.COMPLETED;
    var report =
        new AttemptReport(
            attempt(attempt),
            outcome,
            last,
            node == null ? null : MODEL,
            node,
            whole ? "stop" : null,
            whole ? null : "node_lost",
            usage,
            120L,
            2_000,
            1_880L,
            null,
            null);
    return RoutingEvent.ended(SampleEvents.START, report);
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
  void saysWhyItCannotAnswer() {
    open(Map.of("broke.history.enabled", false));

    assertThat(ask(Document.class, Verify::new).error()).contains("broke.history.enabled");
    assertThat(
            ask(Page.class, replyTo -> new GetRequests(10, null, HistoryFilter.ALL, replyTo))
                .error())
        .contains("broke.history.enabled");
  }

  private JsonNode request(String id) {
    var document = ask(Document.class, replyTo -> new GetRequest(new RequestId(id), replyTo));
    assertThat(document.error()).isNull();
    assertThat(document.json()).isNotNull();
    return HistoryKit.json(document.json());
  }
}
