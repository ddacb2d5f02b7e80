package org.brokecluster.coordinator.history;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.brokecluster.coordinator.history.journal.EventBatch;
import org.brokecluster.coordinator.history.journal.EventBatchSerializer;
import org.brokecluster.coordinator.history.journal.TermLog;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.shared.config.SettingsReader;

/**
 * The {@code broke.history} section of the configuration, read once at start.
 *
 * @param enabled whether routing events are stored at all
 * @param flushInterval how long an event waits for others before its row is written
 * @param rowEvents events in a row at most
 * @param backlog events kept while the database is away; beyond that the newest are given up
 * @param checkpointEvents events between two checkpoints
 * @param checkpointIdle after this much silence the last event gets a checkpoint
 * @param checkpointInterval longest time between two checkpoints while events come in
 * @param retryMin wait before the first new try after the database failed
 * @param retryMax longest such wait
 * @param closeTimeout how long a shutdown waits for the last rows
 * @param connections connections to the database, and threads that use them
 * @param cacheBytes page cache of the database
 * @param recentRequests requests whose line is kept in memory while the table is written
 * @param requestsInterval how long rows are gathered before the table of requests is written
 * @param queries questions answered at once; more are turned away
 * @param queryWait how long a question waits for what was recorded before it to be stored
 * @param people names whose opaque ids are kept in memory
 * @param retention how long and how much is kept
 * @param database which database
 */
public record HistorySettings(
    boolean enabled,
    Duration flushInterval,
    int rowEvents,
    int backlog,
    int checkpointEvents,
    Duration checkpointIdle,
    Duration checkpointInterval,
    Duration retryMin,
    Duration retryMax,
    Duration closeTimeout,
    int connections,
    long cacheBytes,
    int recentRequests,
    Duration requestsInterval,
    int queries,
    Duration queryWait,
    int people,
    RetentionSettings retention,
    DatabaseSettings database) {
  /** Where blocking calls to the database run. */
  public static final String DISPATCHER = "broke-history-dispatcher";

  private static final String SECTION = "broke.history.";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Reads the section; problems are left in the reader. */
  public static HistorySettings from(SettingsReader reader) {
    var settings = read(reader);
    if (settings.retryMax().compareTo(settings.retryMin()) < 0) {
      reader.problem(SECTION + "retry-max", "must not be less than " + SECTION + "retry-min");
    }
    return settings;
  }

  private static HistorySettings read(SettingsReader reader) {
    return new HistorySettings(
        reader.flag(SECTION + "enabled"),
        reader.duration(SECTION + "flush-interval", Duration.ofMillis(1), MINUTE),
        reader.integer(SECTION + "row-events", 1, 1000),
        reader.integer(SECTION + "backlog", 1000, 1_000_000),
        reader.integer(SECTION + "checkpoint-events", 1, 1_000_000),
        reader.duration(SECTION + "checkpoint-idle", Duration.ofMillis(10), MINUTE),
        reader.duration(SECTION + "checkpoint-interval", Duration.ofMillis(100), MINUTE),
        reader.duration(SECTION + "retry-min", Duration.ofMillis(10), MINUTE),
        reader.duration(SECTION + "retry-max", Duration.ofMillis(10), MINUTE.multipliedBy(10)),
        reader.duration(SECTION + "close-timeout", Duration.ofMillis(100), MINUTE),
        reader.integer(SECTION + "connections", 2, 64),
        reader.bytes(SECTION + "cache", 1 << 20, 1L << 32),
        reader.integer(SECTION + "recent-requests", 100, 1_000_000),
        reader.duration(SECTION + "requests-interval", Duration.ofMillis(1), MINUTE),
        reader.integer(SECTION + "queries", 1, 64),
        reader.duration(SECTION + "query-wait", Duration.ofMillis(10), MINUTE),
        reader.integer(SECTION + "people", 10, 1_000_000),
        RetentionSettings.from(reader),
        DatabaseSettings.from(reader));
  }

  /** The database's file, without its ending {@code .mv.db}. */
  public static Path file(Path dataDir) {
    return dataDir.toAbsolutePath().normalize().resolve("history").resolve("routing");
  }

  /**
   * What Akka needs to know; the host merges it over its configuration before it creates its actor
   * system.
   *
   * <p>Rows are batches already, so replay sizes count batches: 200 of them are about 10 MB.
   */
  public Config akkaConfig(Path dataDir) {
    Map<String, Object> values = new HashMap<>();
    values.put("akka.persistence.journal.plugin", "jdbc-journal");
    values.put("akka.persistence.snapshot-store.plugin", "akka.persistence.no-snapshot-store");
    values.put("akka.actor.serializers.broke-history", EventBatchSerializer.class.getName());
    values.put("jdbc-journal.use-shared-db", "slick");
    values.put("jdbc-journal.replayBatchSize", 200);
    values.put("jdbc-journal.parallelism", 1);
    values.put("jdbc-journal.circuit-breaker.max-failures", 3);
    values.put("jdbc-journal.circuit-breaker.call-timeout", "10s");
    values.put("jdbc-journal.circuit-breaker.reset-timeout", "2s");
    values.put("jdbc-read-journal.use-shared-db", "slick");
    values.put("jdbc-read-journal.max-buffer-size", 200);
    values.putAll(pool(dataDir));
    values.put(DISPATCHER + ".type", "Dispatcher");
    values.put(DISPATCHER + ".executor", "thread-pool-executor");
    values.put(DISPATCHER + ".throughput", 1);
    values.put(DISPATCHER + ".thread-pool-executor.fixed-pool-size", connections);
    values.put(DISPATCHER + ".thread-pool-executor.allow-core-timeout", "on");
    return ConfigFactory.parseMap(values, "broke.history")
        .withFallback(
            ConfigFactory.parseMap(
                Map.of(
                    "akka.actor.serialization-bindings",
                    Map.of("\"" + EventBatch.class.getName() + "\"", "broke-history"))));
  }

  /** The database, for a program that is no running host; opened by nobody yet. */
  public Database plainDatabase(Path dataDir) {
    return database.plain(dataDir, cacheBytes);
  }

  /** How rows are cut and kept. */
  TermLog.Limits limits() {
    return new TermLog.Limits(rowEvents, backlog, checkpointEvents);
  }

  /** One pool for everything. */
  private Map<String, Object> pool(Path dataDir) {
    var slick = "akka-persistence-jdbc.shared-databases.slick.db.";
    Map<String, Object> values = new HashMap<>(database.pool(dataDir, cacheBytes));
    values.put(slick + "poolName", "broke-history");
    values.put(slick + "numThreads", connections);
    values.put(slick + "maxConnections", connections);
    values.put(slick + "minConnections", 1);
    values.put(slick + "queueSize", 1000);
    values.put(slick + "connectionTimeout", 5000);
    values.put(slick + "validationTimeout", 1000);
    return values;
  }
}
