package org.brokecluster.coordinator.history;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.brokecluster.protocol.history.HistoryProtocol.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A history on a real database of either kind, and how to ask it. */
abstract class HistoryAsking {
  @TempDir Path dataDir;
  HistoryPlace place;
  HistoryKit kit;
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

  final void open(Map<String, Object> overrides) {
    kit = place.open(overrides);
    history = kit.system().systemActorOf(kit.history().queries(), "queries", Props.empty());
  }

  final <T> T ask(Class<T> type, Function<ActorRef<T>, Query> query) {
    var probe = TestProbe.create(type, kit.system());
    history.tell(query.apply(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(60));
  }
}
