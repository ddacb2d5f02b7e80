package org.brokecluster.coordinator.history.content;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.protocol.history.ContentProtocol;
import org.brokecluster.protocol.history.ContentProtocol.Kept;
import org.brokecluster.protocol.history.ContentProtocol.Noted;
import org.brokecluster.protocol.history.ContentProtocol.Page;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts kept by this coordinator, beside its history. Works on the history's threads, a few things
 * at once; whoever asks for more is turned away and may come again. Whether new texts are kept is a
 * setting; what is kept already can be read and deleted in any case. Thread safe.
 */
public final class ContentStore {
  private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);
  private static final int AT_ONCE = 3;
  private static final String OFF = "prompts and answers are not kept: broke.history.store-content";

  private final Access access;
  private final ContentSettings settings;
  private final ContentVault vault;
  private final Semaphore permits = new Semaphore(AT_ONCE);
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * What the history lends.
   *
   * @param executor where blocking is allowed
   * @param open whether the database can be used now
   */
  public record Access(
      Database database, Executor executor, BooleanSupplier open, PersonIds people) {}

  /**
   * A store that begins to look after age and size.
   *
   * @param dataDir the host's data folder, where the key lies
   */
  public ContentStore(
      ActorSystem<?> system, Access access, Path dataDir, ContentSettings settings) {
    this.access = access;
    this.settings = settings;
    var keys = new ContentKeys(dataDir);
    this.vault = new ContentVault(access.database(), keys, settings, access.people());
    if (settings.store()) {
      LOG.info(
          "prompts and answers are kept for {} days, sealed with the key in {}",
          settings.days(),
          keys.file());
    }
    system
        .scheduler()
        .scheduleWithFixedDelay(
            settings.interval().dividedBy(60),
            settings.interval(),
            () -> access.executor().execute(this::retain),
            system.executionContext());
  }

  /** An actor that answers {@link ContentProtocol}; spawn it in any actor system. */
  public Behavior<ContentProtocol.Command> actor() {
    return ContentActor.create(this);
  }

  CompletionStage<Kept> keep(List<ContentProtocol.Text> texts) {
    if (!settings.store()) {
      return CompletableFuture.completedStage(new Kept(0, 0, OFF, false));
    }
    return working(() -> vault.keep(texts))
        .handle(
            (kept, failure) -> {
              told(failure);
              return failure == null ? kept : new Kept(0, 0, reason(failure), true);
            });
  }

  CompletionStage<Noted> note(ContentProtocol.Note note, long at) {
    if (note.tests() != null && !settings.store()) {
      return CompletableFuture.completedStage(new Noted(OFF));
    }
    return working(
            () -> {
              vault.note(note.request().value(), at, note.reason(), note.tests());
              return new Noted(null);
            })
        .exceptionally(failure -> new Noted(reason(failure)));
  }

  CompletionStage<Page> read(ContentProtocol.Read question) {
    return working(() -> vault.read(question))
        .exceptionally(failure -> Page.failed(reason(failure)));
  }

  /** How many were deleted, as JSON. */
  CompletionStage<String> erase(@Nullable String id, @Nullable Long before) {
    return working(
        () ->
            JsonNodeFactory.instance
                .objectNode()
                .put("deleted", vault.erase(id, before))
                .toString());
  }

  CompletionStage<String> state() {
    return working(() -> vault.state().toString());
  }

  static String reason(Throwable failure) {
    var cause = Optional.ofNullable(failure.getCause()).orElse(failure);
    return cause instanceof Unavailable || cause instanceof IllegalArgumentException
        ? String.valueOf(cause.getMessage())
        : "kept texts cannot be reached: " + cause.getMessage();
  }

  static boolean isMisuse(Throwable failure) {
    return failure.getCause() instanceof IllegalArgumentException;
  }

  private interface Work<T> {
    T run() throws SQLException, IOException;
  }

  private static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private <T> CompletionStage<T> working(Work<T> work) {
    if (!access.open().getAsBoolean()) {
      return failed("the history's database is not open");
    }
    if (!permits.tryAcquire()) {
      return failed("kept texts are being read and written by others, ask again");
    }
    return CompletableFuture.supplyAsync(() -> run(work), access.executor())
        .whenComplete((done, failure) -> permits.release());
  }

  private static <T> T run(Work<T> work) {
    try {
      return work.run();
    } catch (SQLException | IOException e) {
      throw new Unavailable("kept texts cannot be reached: " + e.getMessage(), e);
    }
  }

  private static <T> CompletionStage<T> failed(String message) {
    return CompletableFuture.failedStage(new Unavailable(message, null));
  }

  private void told(@Nullable Throwable failure) {
    if (failure == null) {
      if (failing.getAndSet(false)) {
        LOG.info("texts are kept again");
      }
    } else if (access.open().getAsBoolean() && !failing.getAndSet(true)) {
      LOG.warn("texts cannot be kept, they are sent again: {}", reason(failure));
    }
  }

  private void retain() {
    if (!access.open().getAsBoolean()) {
      return;
    }
    try {
      int gone = vault.retain(System.currentTimeMillis());
      if (gone > 0) {
        LOG.info("old texts and notes are deleted: {}", gone);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("old texts could not be deleted, it is tried again: {}", e.toString());
    }
  }
}
