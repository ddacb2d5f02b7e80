package org.brokecluster.coordinator.history;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.SlickH2Database;
import org.brokecluster.coordinator.history.store.SlickPostgresDatabase;
import org.brokecluster.shared.config.SettingsReader;

/** A host's actor system with a routing history in it, on a real H2 file. */
public final class HistoryKit implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ActorSystem<Void> system;
  private final RoutingHistory history;

  private HistoryKit(ActorSystem<Void> system, RoutingHistory history) {
    this.system = system;
    this.history = history;
  }

  /** Opens a history in a folder with quick settings; these override them. */
  public static HistoryKit open(Path dataDir, Map<String, Object> overrides) {
    var settings = settings(overrides);
    var system = system(dataDir, settings);
    return new HistoryKit(
        system, RoutingHistory.open(system, dataDir, settings, new NoSupposition()));
  }

  /** Around what was opened elsewhere. */
  static HistoryKit of(ActorSystem<Void> system, RoutingHistory history) {
    return new HistoryKit(system, history);
  }

  public static ActorSystem<Void> system(Path dataDir, HistorySettings settings) {
    var config =
        settings
            .akkaConfig(dataDir)
            .withFallback(
                ConfigFactory.parseString(
                    "akka.loglevel = WARNING, akka.coordinated-shutdown.exit-jvm = off,"
                        + "akka.logger-startup-timeout = 1m,"
                        + "akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off"))
            .withFallback(ConfigFactory.load());
    return ActorSystem.create(Behaviors.<Void>empty(), "history-test", config);
  }

  public static HistorySettings settings(Map<String, Object> overrides) {
    var quick =
        Map.<String, Object>of(
            "broke.history.flush-interval", "10ms",
            "broke.history.checkpoint-idle", "100ms",
            "broke.history.retry-min", "20ms",
            "broke.history.retry-max", "100ms",
            "broke.history.query-wait", "30s",
            "broke.history.close-timeout", "30s",
            // The events of tests have days of their own, however far back those may be by now.
            "broke.history.retention.days", 3_650);
    var reader =
        new SettingsReader(
            ConfigFactory.parseMap(overrides)
                .withFallback(ConfigFactory.parseMap(quick))
                .withFallback(ConfigFactory.load()));
    var settings = HistorySettings.from(reader);
    if (!reader.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", reader.problems()));
    }
    return settings;
  }

  public RoutingHistory history() {
    return history;
  }

  public ActorSystem<Void> system() {
    return system;
  }

  /** The database behind it. */
  public Database database(HistoryPlace place) {
    var where = settings(place.settings()).database().place(place.dataDir());
    return place.settings().isEmpty()
        ? new SlickH2Database(system, Path.of(where))
        : new SlickPostgresDatabase(system, where);
  }

  /** A term's sink that has taken these events after its start. */
  public EventSink write(long term, List<RoutingEvent> events) {
    var sink = history.sinkForTerm(SampleEvents.COORDINATOR, term);
    sink.emit(SampleEvents.termStarted(term, events.get(0).at()));
    events.forEach(sink::emit);
    return sink;
  }

  public JsonNode verify() {
    return json(get(history.answers().verify()));
  }

  public static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (java.io.IOException e) {
      throw new AssertionError(text, e);
    }
  }

  public static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    get(history.close());
    system.terminate();
    get(system.getWhenTerminated());
  }
}
