package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.brokecluster.coordinator.collect.PackedText;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.protocol.history.ContentFilter;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.ContentProtocol.Keep;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Note;
import org.brokecluster.protocol.history.ContentProtocol.Noted;
import org.brokecluster.protocol.history.ContentProtocol.Page;
import org.brokecluster.protocol.history.ContentProtocol.Read;
import org.brokecluster.protocol.history.ContentProtocol.Text;
import org.brokecluster.protocol.id.RequestId;

/** Kept texts of a running history, and how to ask for them. */
final class ContentAsking {
  private final HistoryKit kit;
  private final ActorRef<ContentProtocol.Command> content;

  /** Keeps texts in that history, with a key in its folder. */
  ContentAsking(HistoryKit kit, HistoryPlace place) {
    var settings =
        new ContentSettings(
            true,
            100_000,
            32 << 20,
            Duration.ofMinutes(1),
            30,
            1 << 20,
            Duration.ofHours(1),
            List.of());
    this.kit = kit;
    HistoryKit.get(kit.history().opening(Duration.ofSeconds(60)));
    var actor = kit.history().contents(place.dataDir(), settings).actor();
    this.content = kit.system().systemActorOf(actor, "content", Props.empty());
  }

  void keep(Text... texts) {
    assertThat(tell(Kept.class, to -> new Keep(Arrays.asList(texts), to)).stored())
        .isEqualTo(texts.length);
  }

  void note(String request, String reason) {
    var noted = tell(Noted.class, to -> new Note(RequestId.of(request), reason, null, to));
    assertThat(noted.refusal()).isNull();
  }

  /** Every text that can be opened, the latest first. */
  List<JsonNode> problems() {
    return pages().stream().flatMap(page -> problems(page).stream()).toList();
  }

  /** The texts of a page. */
  static List<JsonNode> problems(Page page) {
    var problems = new ArrayList<JsonNode>();
    for (var packed : page.problems()) {
      try {
        problems.add(PackedText.unpack(packed));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return problems;
  }

  /** How many cannot be opened. */
  int unreadable() {
    return pages().stream().mapToInt(Page::unreadable).sum();
  }

  private List<Page> pages() {
    var pages = new ArrayList<Page>();
    String cursor = null;
    do {
      var before = cursor;
      var page = tell(Page.class, to -> new Read(ContentFilter.ALL, 50, before, false, to));
      assertThat(page.error()).isNull();
      pages.add(page);
      cursor = page.next();
    } while (cursor != null);
    return pages;
  }

  private <T> T tell(Class<T> type, Function<ActorRef<T>, ContentProtocol.Command> command) {
    var probe = TestProbe.create(type, kit.system());
    content.tell(command.apply(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(60));
  }
}
