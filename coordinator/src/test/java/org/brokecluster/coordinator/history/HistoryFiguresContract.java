package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.fold.RoutingState;
import org.brokecluster.protocol.history.HistoryFilter;
import org.brokecluster.protocol.history.HistoryProtocol.Document;
import org.brokecluster.protocol.history.HistoryProtocol.ForgetPerson;
import org.brokecluster.protocol.history.HistoryProtocol.GetPast;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequests;
import org.brokecluster.protocol.history.HistoryProtocol.Page;
import org.brokecluster.protocol.history.HistoryProtocol.Summarize;
import org.brokecluster.protocol.id.AttemptId;
import org.brokecluster.protocol.id.ModelId;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.id.RequestId;
import org.brokecluster.protocol.model.Usage;
import org.brokecluster.protocol.router.AttemptOutcome;
import org.brokecluster.protocol.router.AttemptReport;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Filters, figures, people and the past, on a real database of either kind. */
abstract class HistoryFiguresContract extends HistoryAsking {
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
            ask(Document.class, replyTo -> new Summarize(HistoryFilter.ALL, "node", false, replyTo))
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
            ask(Document.class, replyTo -> new Summarize(HistoryFilter.ALL, "x", false, replyTo))
                .error())
        .contains("by must be one of");
  }

  @Test
  void sumsUpAttemptsAlsoThoseThatBroke() {
    open(Map.of());
    var samples = SampleEvents.oneOfEach();
    var request = new RequestId("req-1");
    var model = ModelId.of("mlx-community/Qwen3-32B-4bit");
    var mini = NodeId.of("mini-m1");
    var second = new AttemptId(request, 3);
    var later = SampleEvents.START.plusMillis(2_000);
    kit.write(
        1,
        List.of(
            samples.get("received"),
            samples.get("decided"),
            samples.get("failed"),
            SampleEvents.decided(later, second, model, mini, 1)));
    HistoryKit.get(kit.history().flush(Duration.ofSeconds(60)));
    // In another life of the projector: what it knows of the attempts is in the table.
    kit.close();
    open(Map.of());
    kit.write(2, List.of(completed(second, model, mini, later.plusMillis(700))));

    var summary = attempts("node", HistoryFilter.ALL);

    assertThat(summary.path("of").asText()).isEqualTo("attempts");
    assertThat(summary.path("total").path("attempts").asInt()).isEqualTo(2);
    assertThat(summary.path("total").path("failed").asInt()).isEqualTo(1);
    assertThat(summary.path("total").path("completed").asInt()).isEqualTo(1);
    assertThat(summary.path("total").path("cost").isNull()).as("nobody knows it").isTrue();
    assertThat(summary.path("groups"))
        .extracting(group -> group.path("name").asText())
        .containsExactlyInAnyOrder("studio-m1", "mini-m1");
    var onMini =
        attempts(
            "node",
            new HistoryFilter(
                null, null, null, null, null, "mini-m1", "completed", null, null, null, null));
    assertThat(onMini.path("total").path("attempts").asInt()).isEqualTo(1);
    assertThat(onMini.path("total").path("tookMs").path("p50").asDouble()).isEqualTo(700);
    assertThat(onMini.path("total").path("completionTokens").asInt()).isEqualTo(20);
    assertThat(
            ask(Document.class, replyTo -> new Summarize(HistoryFilter.ALL, "user", true, replyTo))
                .error())
        .contains("by must be one of failure");
  }

  private JsonNode attempts(String by, HistoryFilter filter) {
    return HistoryKit.json(
        ask(Document.class, replyTo -> new Summarize(filter, by, true, replyTo)).json());
  }

  private static RoutingEvent completed(AttemptId attempt, ModelId model, NodeId node, Instant at) {
    return new RoutingEvent.Completed(
        at,
        new AttemptReport(
            attempt,
            AttemptOutcome.COMPLETED,
            true,
            model,
            node,
            "stop",
            null,
            new Usage(10, 20, 0),
            300L,
            2_700,
            400L,
            null,
            null));
  }

  @Test
  void keepsNamesOutOfTheEventsAndForgetsThem() throws Exception {
    open(Map.of());
    kit.write(1, List.of(by("req-a", "olga"), by("req-b", "olga"), by("req-c", "bob")));

    var items = items(filter("olga"));

    assertThat(items)
        .extracting(item -> item.path("user").asText())
        .containsOnly("olga")
        .hasSize(2);
    var forgotten =
        HistoryKit.json(ask(Document.class, replyTo -> new ForgetPerson("olga", replyTo)).json());
    assertThat(forgotten.path("forgotten").asInt()).isEqualTo(1);
    assertThat(items(filter("olga"))).isEmpty();
    assertThat(items(HistoryFilter.ALL))
        .extracting(item -> item.path("user").asText())
        .anyMatch(name -> name.startsWith("u-"))
        .contains("bob")
        .doesNotContain("olga");
    kit.close();
    try (var connection = place.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT \"event_payload\" FROM \"event_journal\"")) {
      while (rows.next()) {
        assertThat(new String(rows.getBytes(1), StandardCharsets.UTF_8))
            .doesNotContain("olga")
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
    assertThat(past.path("leftAlone").size()).isEqualTo(then.leftAlone(at.toEpochMilli()).size());
    var before = SampleEvents.START.minusSeconds(60);
    assertThat(ask(Document.class, replyTo -> new GetPast(before, replyTo)))
        .isEqualTo(new Document(null, null));
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
        SampleEvents.START, new RequestId(request), facts.with(wishes));
  }
}
