package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokecluster.coordinator.history.ContentAsking.problems;
import static org.brokecluster.coordinator.history.ContentSamples.MARKER;
import static org.brokecluster.coordinator.history.ContentSamples.NOW;
import static org.brokecluster.coordinator.history.ContentSamples.by;
import static org.brokecluster.coordinator.history.ContentSamples.large;
import static org.brokecluster.coordinator.history.ContentSamples.rated;
import static org.brokecluster.coordinator.history.ContentSamples.secret;
import static org.brokecluster.coordinator.history.ContentSamples.text;
import static org.brokecluster.coordinator.history.ContentSamples.which;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.coordinator.history.event.RoutingEvent.Rated;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.ContentProtocol.Erase;
import org.brokecluster.protocol.history.ContentProtocol.GetState;
import org.brokecluster.protocol.history.ContentProtocol.Keep;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Note;
import org.brokecluster.protocol.history.ContentProtocol.Noted;
import org.brokecluster.protocol.history.ContentProtocol.Read;
import org.brokecluster.protocol.history.ContentProtocol.Text;
import org.brokecluster.protocol.history.HistoryProtocol.Document;
import org.brokecluster.protocol.history.HistoryProtocol.ForgetPerson;
import org.brokecluster.protocol.history.HistoryProtocol.GetRequest;
import org.brokecluster.protocol.id.RequestId;
import org.junit.jupiter.api.Test;

/** Kept prompts and answers, on a real database of either kind. */
abstract class ContentContract extends HistoryAsking {
  private ActorRef<ContentProtocol.Command> content;
  private int begun;

  @Test
  void givesBackWhatItKeptTheLatestFirst() {
    start(true);

    assertThat(keep(text("r-1", NOW - 2, "api", "ada"), text("r-2", NOW - 1, "agent", null)))
        .isEqualTo(new Kept(2, 0, null, false));
    assertThat(keep(text("r-2", NOW - 1, "agent", null))).isEqualTo(new Kept(0, 1, null, false));

    var page = read(ContentFilter.ALL, 50, null);
    assertThat(page.error()).isNull();
    assertThat(names(page)).containsExactly("broke_r-2", "broke_r-1");
    assertThat(problems(page).get(1).path("prompt").asText()).isEqualTo(MARKER + " r-1");
    assertThat(problems(page).get(1).path("broke_metadata").path("who").asText()).startsWith("u-");
    assertThat(problems(page).get(0).path("broke_metadata").has("who")).isFalse();
  }

  @Test
  void leadsFromPageToPageThroughEveryTextOnce() {
    start(true);
    var random = new Random(7);
    var all = new ArrayList<String>();
    for (int i = 0; i < 120; i += 10) {
      var some = new ArrayList<Text>();
      for (int j = i; j < i + 10; j++) {
        some.add(text("r-" + j, NOW - random.nextInt(40), "api", null));
        all.add("broke_r-" + j);
      }
      keep(some.toArray(Text[]::new));
    }

    var seen = new ArrayList<String>();
    String cursor = null;
    do {
      var page = read(ContentFilter.ALL, 17, cursor);
      seen.addAll(names(page));
      cursor = page.next();
    } while (cursor != null);

    assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void keepsTheNewsOfARequestBesideItsText() {
    start(true);
    var samples = SampleEvents.oneOfEach();
    kit.write(
        1,
        List.of(
            by("ada", (Received) samples.get("received")),
            samples.get("decided"),
            samples.get("completed"),
            (Rated) samples.get("rated")));
    keep(text("req-1", NOW, "api", "ada"), text("r-2", NOW, "api", null));
    note("req-1", "invents \u0000 things", null);
    note("req-1", null, "assert ok");
    requestsListed();

    var good = read(rated(4), 50, null);

    assertThat(names(good)).containsExactly("broke_req-1");
    var problem = problems(good).get(0);
    assertThat(problem.path("tests").asText()).isEqualTo("assert ok");
    assertThat(problem.path("broke_metadata").path("user_rating").asInt()).isEqualTo(4);
    assertThat(problem.path("broke_metadata").path("rating_reason").asText())
        .isEqualTo("invents \u0000 things");
    assertThat(read(rated(5), 50, null).problems()).isEmpty();
    assertThat(state().path("rated").asInt()).isEqualTo(1);
    assertThat(state().path("notes").asInt()).isEqualTo(1);
  }

  @Test
  void findsByPersonSourceAndTime() {
    start(true);
    keep(
        text("r-1", NOW - 5_000, "api", "ada"),
        text("r-2", NOW - 1_000, "page", "bob"),
        text("r-3", NOW, "api", "bob"));

    assertThat(names(read(which(null, "bob", null), 50, null)))
        .containsExactly("broke_r-3", "broke_r-2");
    assertThat(names(read(which(null, "bob", "page"), 50, null))).containsExactly("broke_r-2");
    assertThat(names(read(which(Instant.ofEpochMilli(NOW - 1_000), null, null), 50, null)))
        .containsExactly("broke_r-3", "broke_r-2");
  }

  @Test
  void takesSecretsOutOfWhatLeavesAndCountsThem() {
    start(true);
    keep(secret("r-1"), secret("r-2"));

    var counted = ask(new ContentProtocol.Read(ContentFilter.ALL, 50, null, true, probe()));
    var page = read(ContentFilter.ALL, 50, null);

    assertThat(counted.problems()).isEmpty();
    assertThat(counted.texts()).isEqualTo(2);
    assertThat(counted.redactions()).isEqualTo(Map.of("email", 2, "own-pattern", 2));
    assertThat(problems(page).get(0).path("prompt").asText())
        .isEqualTo("ask [email] about [redacted]");
  }

  @Test
  void keepsNothingWhileItIsOffAndStillReadsAndDeletes() {
    start(true);
    keep(text("r-1", NOW, "api", null));
    begin(false);

    var kept = keep(text("r-2", NOW, "api", null));

    assertThat(kept.stored()).isZero();
    assertThat(kept.refusal()).contains("broke.history.store-content");
    assertThat(kept.again()).isFalse();
    assertThat(names(read(ContentFilter.ALL, 50, null))).containsExactly("broke_r-1");
    assertThat(noted("r-1", null, "tests").refusal()).contains("store-content");
    assertThat(noted("r-1", "why", null).refusal()).isNull();
    assertThat(state().path("on").asBoolean()).isFalse();
    assertThat(erase("r-1", null)).isEqualTo(2);
    assertThat(state().path("texts").asInt()).isZero();
  }

  @Test
  void forgettingAPersonDeletesTheTexts() {
    start(true);
    var received = (Received) SampleEvents.oneOfEach().get("received");
    kit.write(1, List.of(by("ada", received)));
    keep(text("req-1", NOW, "api", "ada"), text("r-2", NOW, "api", "bob"));
    requestsListed();
    note("req-1", "she said", null);

    var gone = HistoryKit.json(ask(Document.class, to -> new ForgetPerson("ada", to)).json());

    assertThat(gone.path("texts").asInt()).isEqualTo(2);
    assertThat(gone.path("forgotten").asInt()).isEqualTo(1);
    assertThat(names(read(ContentFilter.ALL, 50, null))).containsExactly("broke_r-2");
    assertThat(state().path("notes").asInt()).isZero();
  }

  @Test
  void whatIsTooOldOrTooMuchGoes() {
    start(true);
    keep(text("old", NOW - Duration.ofDays(8).toMillis(), "api", null));
    for (int i = 0; i < 12; i++) {
      keep(large("r-%02d".formatted(i), NOW - 1_000 + i));
    }

    begin(true, "7", "200ms");

    var probe = TestProbe.create(kit.system());
    probe.awaitAssert(
        Duration.ofSeconds(60),
        () -> {
          var names = names(read(ContentFilter.ALL, 1, null));
          assertThat(names).containsExactly("broke_r-11");
          assertThat(state().path("bytes").asLong()).isBetween(900_000L, 1L << 20);
          return null;
        });
    assertThat(state().path("oldest").asText())
        .isGreaterThan(Instant.ofEpochMilli(NOW - Duration.ofDays(7).toMillis()).toString());
  }

  @Test
  void deletesWhatWasKeptBeforeATimeOrAll() {
    start(true);
    keep(text("r-1", NOW - 10, "api", null), text("r-2", NOW, "api", null));

    assertThat(erase(null, NOW)).isEqualTo(1);
    assertThat(names(read(ContentFilter.ALL, 50, null))).containsExactly("broke_r-2");
    assertThat(erase(null, null)).isEqualTo(1);
  }

  @Test
  void survivesARestartAndCountsWhatItHasNoKeyFor() throws Exception {
    start(true);
    keep(text("r-1", NOW, "api", null));
    kit.close();
    start(true);
    assertThat(names(read(ContentFilter.ALL, 50, null))).containsExactly("broke_r-1");
    kit.close();
    var key = dataDir.resolve("history/content.key");
    Files.move(key, dataDir.resolve("key"));
    start(true);
    keep(text("r-2", NOW, "api", null));

    var page = read(ContentFilter.ALL, 50, null);

    assertThat(names(page)).containsExactly("broke_r-2");
    assertThat(page.unreadable()).isEqualTo(1);
    assertThat(state().path("unreadable").asInt()).isEqualTo(1);
    Files.writeString(key, Files.readString(key) + Files.readString(dataDir.resolve("key")));
    assertThat(names(read(ContentFilter.ALL, 50, null))).hasSize(2);
  }

  @Test
  void nothingOfATextLiesOpenInTheDatabaseOrTheFolder() throws Exception {
    start(true);
    keep(text("r-1", NOW, "api", null));
    note("r-1", MARKER, MARKER);
    assertThat(columnsHold(MARKER)).isFalse();
    kit.close();

    for (var file : files(dataDir)) {
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .as(file.toString())
          .doesNotContain(MARKER);
    }
    start(true);
    assertThat(problems(read(ContentFilter.ALL, 1, null)).get(0).toString()).contains(MARKER);
  }

  @Test
  void refusesACursorThatIsNone() {
    start(true);

    assertThat(read(ContentFilter.ALL, 50, "yesterday").error()).contains("not a cursor");
  }

  private void start(boolean store) {
    open(Map.of());
    begin(store);
    HistoryKit.get(kit.history().opening(Duration.ofSeconds(60)));
  }

  private void begin(boolean store) {
    begin(store, "30", "1h");
  }

  private void begin(boolean store, String days, String interval) {
    var settings =
        new ContentSettings(
            store,
            100_000,
            32 << 20,
            Duration.ofMinutes(1),
            Integer.parseInt(days),
            1 << 20,
            interval.equals("1h") ? Duration.ofHours(1) : Duration.ofMillis(200),
            List.of("PRJ-[0-9]+"));
    var actor = kit.history().contents(dataDir, settings).actor();
    content = kit.system().systemActorOf(actor, "content-" + ++begun, Props.empty());
  }

  private Kept keep(Text... texts) {
    return tell(Kept.class, to -> new Keep(Arrays.asList(texts), to));
  }

  private void note(String request, String reason, String tests) {
    assertThat(noted(request, reason, tests).refusal()).isNull();
  }

  private Noted noted(String request, String reason, String tests) {
    return tell(Noted.class, to -> new Note(RequestId.of(request), reason, tests, to));
  }

  private ContentProtocol.Page read(ContentFilter filter, int limit, String before) {
    return tell(ContentProtocol.Page.class, to -> new Read(filter, limit, before, false, to));
  }

  private ContentProtocol.Page ask(Read question) {
    return tell(
        ContentProtocol.Page.class,
        to ->
            new Read(
                question.filter(), question.limit(), question.before(), question.countOnly(), to));
  }

  private ActorRef<ContentProtocol.Page> probe() {
    return TestProbe.<ContentProtocol.Page>create(kit.system()).getRef();
  }

  private int erase(String id, Long before) {
    return HistoryKit.json(tell(Document.class, to -> new Erase(id, before, to)).json())
        .path("deleted")
        .asInt();
  }

  private JsonNode state() {
    return HistoryKit.json(tell(Document.class, GetState::new).json());
  }

  /** Waits until the line of the request is written; a question waits two seconds only. */
  private void requestsListed() {
    TestProbe.create(kit.system())
        .awaitAssert(
            Duration.ofSeconds(60),
            () -> {
              var question = RequestId.of("req-1");
              assertThat(ask(Document.class, to -> new GetRequest(question, to)).json())
                  .isNotNull();
              return null;
            });
  }

  private <T> T tell(Class<T> type, Function<ActorRef<T>, ContentProtocol.Command> command) {
    var probe = TestProbe.create(type, kit.system());
    content.tell(command.apply(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(60));
  }

  private boolean columnsHold(String word) throws Exception {
    try (var connection = kit.database(place).connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT \"sealed\" FROM \"content_note\"")) {
      assertThat(rows.next()).isTrue();
      return new String(rows.getBytes(1), StandardCharsets.ISO_8859_1).contains(word);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static List<String> names(ContentProtocol.Page page) {
    return problems(page).stream().map(problem -> problem.path("name").asText()).toList();
  }
}
