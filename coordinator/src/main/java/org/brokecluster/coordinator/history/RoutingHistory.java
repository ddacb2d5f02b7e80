package org.brokecluster.coordinator.history;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.brokecluster.coordinator.history.WriterActor.JournalFactory;
import org.brokecluster.coordinator.history.content.ContentSettings;
import org.brokecluster.coordinator.history.content.ContentStore;
import org.brokecluster.coordinator.history.journal.TermJournal;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.HistoryReader;
import org.brokecluster.coordinator.history.store.LearnedReader;
import org.brokecluster.coordinator.history.store.Projector;
import org.brokecluster.protocol.history.HistoryProtocol;
import org.brokecluster.protocol.id.NodeId;
import org.brokecluster.protocol.state.HistorySite;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routing history of this host: one database, and a writer for each term in which the router
 * runs here. It belongs to the host, not to a membership: its actors live in the host's actor
 * system, which must have been created with {@link HistorySettings#akkaConfig}.
 *
 * <p>Nothing here blocks and nothing fails upwards: while the database cannot be opened or written,
 * events are kept up to a bound, then given up and counted, and it is tried again for ever with a
 * growing wait. Thread safe.
 *
 * <p>What is too old or too much is removed by whole days, see {@link RetentionKeeper}.
 */
public final class RoutingHistory {
  private static final Logger LOG = LoggerFactory.getLogger(RoutingHistory.class);
  private static final Duration PROJECTION_CLOSE = Duration.ofSeconds(1);
  private static final Duration DATABASE_CLOSE = Duration.ofSeconds(5);
  private static final Duration RETIREMENT = Duration.ofMinutes(1);
  private static final Duration HOPELESS = Duration.ofMillis(100);

  private final ActorSystem<?> system;
  private final HistorySettings settings;
  private final Database database;
  private final JournalFactory journals;
  private final Executor executor;
  private final AtomicReference<HistoryStatus> status =
      new AtomicReference<>(HistoryStatus.OPENING);
  private final CompletableFuture<Void> tried = new CompletableFuture<>();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final List<HistoryWriter> writers = new CopyOnWriteArrayList<>();
  private final AtomicInteger spawned = new AtomicInteger();
  private volatile @Nullable CompletionStage<Void> closing;
  private final ActorRef<ProjectionActor.Command> projection;
  private final People people;
  private final DatabaseOpener opener;
  private final RetentionKeeper keeper;
  private final HistoryQueries queries;

  private RoutingHistory(
      ActorSystem<?> system,
      HistorySettings settings,
      Database database,
      JournalFactory journals,
      Supposition supposition) {
    this.system = system;
    this.settings = settings;
    this.database = database;
    this.journals = journals;
    executor =
        system.dispatchers().lookup(DispatcherSelector.fromConfig(HistorySettings.DISPATCHER));
    people = new People(settings.people());
    var projector = new Projector(database, settings.recentRequests());
    var work = new ProjectionActor.Work(projector, people, database);
    projection =
        system.systemActorOf(
            ProjectionActor.create(work, executor, backoff(), settings.requestsInterval()),
            "history-requests-" + Integer.toHexString(System.identityHashCode(this)),
            Props.empty());
    opener = new DatabaseOpener(system, database, executor, backoff(), this::statusChanged);
    keeper = new RetentionKeeper(system, database, executor, settings.retention());
    queries =
        new HistoryQueries(
            this, new HistoryReader(database), executor, settings, database, people, supposition);
  }

  /**
   * Opens the history in the background; returns at once.
   *
   * @param hostSystem lives as long as the JVM; created with {@link HistorySettings#akkaConfig}
   * @param dataDir the host's data folder
   * @param supposition answers what-if questions
   */
  public static RoutingHistory open(
      ActorSystem<?> hostSystem, Path dataDir, HistorySettings settings, Supposition supposition) {
    var database = DatabaseOpener.choose(hostSystem, dataDir, settings.database());
    return open(hostSystem, settings, database, TermJournal::create, supposition);
  }

  /** For tests: with a database or journal that misbehaves. */
  static RoutingHistory open(
      ActorSystem<?> hostSystem,
      HistorySettings settings,
      Database database,
      JournalFactory journals,
      Supposition supposition) {
    var history = new RoutingHistory(hostSystem, settings, database, journals, supposition);
    CoordinatedShutdown.get(hostSystem.classicSystem())
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "close-routing-history",
            () -> history.close().thenApply(nothing -> Done.getInstance()));
    if (settings.enabled()) {
      history.opener.start();
    } else {
      history.neverOpens(HistoryStatus.DISABLED);
      history.tried.complete(null);
    }
    return history;
  }

  /**
   * Where the router of a term puts its events. A new term ends the writers of earlier ones, after
   * they have stored what they have. Asking again for the same term gives the same sink.
   *
   * @param coordinator the host the router runs on: this one
   */
  public EventSink sinkForTerm(NodeId coordinator, long term) {
    if (!settings.enabled() || closing != null) {
      return new NoHistory();
    }
    synchronized (writers) {
      for (var writer : writers) {
        if (writer.term() == term && writer.coordinator().equals(coordinator)) {
          return writer;
        }
      }
      writers.forEach(earlier -> closeWriter(earlier, RETIREMENT));
      return newWriter(coordinator, term);
    }
  }

  /**
   * An actor that answers {@link HistoryProtocol}; spawn it in any actor system, as often as
   * needed.
   */
  public Behavior<HistoryProtocol.Query> queries() {
    return HistoryActor.create(queries);
  }

  /** Texts kept in the same database; their key lies in the host's data folder. */
  public ContentStore contents(Path dataDir, ContentSettings kept) {
    var access = new ContentStore.Access(database, executor, () -> status.get().isOpen(), people);
    return new ContentStore(system, access, dataDir, kept);
  }

  /**
   * How the history as a whole is doing, in one word ({@code ok}, {@code behind}, {@code gap} or
   * {@code off}) and with the reason if it is off.
   */
  public State state() {
    var now = status.get();
    var last = latest();
    if (last.isPresent()) {
      var health = last.get().health();
      var trouble = last.get().trouble();
      return new State(health.state(), health.backlog(), health.lost(), trouble);
    }
    return new State(now.word(), 0, 0, now.reason());
  }

  /**
   * State of the history.
   *
   * @param state in one word
   * @param backlog events of the running term not yet stored
   * @param lost events of the running term given up
   * @param reason why nothing can be stored at the moment; empty if it can
   */
  public record State(String state, long backlog, long lost, String reason) {}

  /**
   * Stores what is left, each term with a last checkpoint, and closes the database. Bounded by
   * {@code broke.history.close-timeout} and a little more; never fails. Calling it again gives the
   * same stage.
   */
  public synchronized CompletionStage<Void> close() {
    var begun = closing;
    if (begun == null) {
      begun = closeNow();
      closing = begun;
    }
    return begun;
  }

  /** Completes when what was emitted before is stored and listed, or time is up; never fails. */
  CompletionStage<Void> flush(Duration timeout) {
    var asked =
        writers.stream()
            .map(writer -> asked(writer, WriterActor.Flush::new, timeout).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked)
        .handle((done, failure) -> failure == null)
        .thenCompose(stored -> projected(timeout));
  }

  /** Completes after the first try to open the database, or when that takes too long. */
  CompletionStage<HistoryStatus> opening(Duration timeout) {
    return tried
        .copy()
        .completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(done -> status.get());
  }

  private Optional<HistoryWriter> latest() {
    return writers.stream().reduce((earlier, later) -> later);
  }

  /** What routers before this term learned; fails if the database is not open in time. */
  public CompletionStage<LearnedReader.Found> learnedBefore(long term, Duration timeout) {
    return opened
        .copy()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(now -> queries.learnedBefore(term), executor);
  }

  HistoryQueries answers() {
    return queries;
  }

  HistoryStatus status() {
    return status.get();
  }

  private CompletionStage<Void> closeNow() {
    return opening(settings.closeTimeout())
        .thenCompose(now -> closeWriters())
        .thenCompose(done -> status.get().isOpen() ? projected(PROJECTION_CLOSE) : done())
        .thenCompose(done -> shutDown());
  }

  private CompletionStage<Void> closeWriters() {
    var timeout = status.get().isOpen() ? settings.closeTimeout() : HOPELESS;
    return CompletableFuture.allOf(
        writers.stream()
            .map(writer -> closeWriter(writer, timeout).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private HistoryWriter newWriter(NodeId coordinator, long term) {
    var writer =
        new HistoryWriter(
            coordinator,
            term,
            settings,
            status::get,
            people,
            new HistorySite(settings.database().isServer(), database.place(), null));
    var parts = new WriterActor.Parts(writer, settings, journals, database, projection);
    var actor =
        system.systemActorOf(
            WriterActor.create(parts),
            "history-term-%d-%d-%x"
                .formatted(term, spawned.incrementAndGet(), System.identityHashCode(this)),
            Props.empty());
    writers.add(writer);
    writer.attach(actor);
    if (status.get().isOpen()) {
      actor.tell(WriterActor.Signal.OPENED);
    }
    return writer;
  }

  /** Has a writer store what it has, and ends it; it stays in the list until then. */
  private CompletionStage<Void> closeWriter(HistoryWriter writer, Duration timeout) {
    writer.close();
    return asked(writer, WriterActor.Close::new, timeout)
        .handle(
            (done, failure) -> {
              if (failure != null && writers.contains(writer)) {
                LOG.warn(
                    "events of the history were not stored in time: term={} events={}",
                    writer.term(),
                    writer.health().backlog());
                writer.giveUp();
              }
              writers.remove(writer);
              return null;
            });
  }

  /** Completes when the writer has answered, or has stopped and has nothing left to do. */
  private CompletionStage<Void> asked(
      HistoryWriter writer,
      Function<ActorRef<Done>, WriterActor.Command> question,
      Duration timeout) {
    var actor = writer.actor();
    if (actor == null) {
      return done();
    }
    return AskPattern.<WriterActor.Command, Done>ask(
            actor, question::apply, timeout, system.scheduler())
        .<Void>thenApply(answered -> null)
        .applyToEither(writer.ended(), Function.identity());
  }

  private CompletionStage<Void> projected(Duration timeout) {
    return AskPattern.<ProjectionActor.Command, Done>ask(
            projection, ProjectionActor.Flush::new, timeout, system.scheduler())
        .handle((done, failure) -> null);
  }

  private CompletionStage<Void> shutDown() {
    opener.stop();
    keeper.stop();
    boolean open = neverOpens(HistoryStatus.CLOSED).isOpen();
    if (!open) {
      return done();
    }
    return CompletableFuture.runAsync(
            () -> {
              try {
                database.shutDown();
              } catch (SQLException e) {
                throw new CompletionException(e);
              }
            },
            executor)
        .orTimeout(DATABASE_CLOSE.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "the history database was not closed; what is stored is safe, and the next"
                        + " start repairs the file: {}",
                    String.valueOf(failure));
              }
              return null;
            });
  }

  /** From now on; gives the status before. */
  private HistoryStatus neverOpens(HistoryStatus why) {
    opened.completeExceptionally(new HistoryQueries.HistoryUnavailable(why.reason()));
    return status.getAndSet(why);
  }

  private void statusChanged(HistoryStatus now) {
    if (status.get().equals(HistoryStatus.CLOSED)) {
      return;
    }
    status.set(now);
    tried.complete(null);
    if (now.isOpen()) {
      opened.complete(null);
      keeper.start();
      projection.tell(ProjectionActor.Signal.OPENED);
      for (var writer : writers) {
        var actor = writer.actor();
        if (actor != null) {
          actor.tell(WriterActor.Signal.OPENED);
        }
      }
    }
  }

  private Backoff backoff() {
    return new Backoff(settings.retryMin(), settings.retryMax());
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
