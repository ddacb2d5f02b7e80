package org.brokecluster.node.models;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.brokecluster.protocol.model.MachineKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the book of speeds in a file: reads it at start, and writes it now and then if something is
 * new, on a thread of its own. Losing the latest minute of measurements in a crash is no harm.
 */
public final class SpeedKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SpeedKeeper.class);
  private static final String FILE = "speeds.json";

  private final SpeedBook book;
  private final SpeedFile file;
  private final ScheduledExecutorService thread;
  private final Future<?> saves;

  private SpeedKeeper(SpeedBook book, SpeedFile file, Duration interval) {
    this.book = book;
    this.file = file;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var made = new Thread(task, "broke-speeds");
              made.setDaemon(true);
              return made;
            });
    long millis = interval.toMillis();
    this.saves = thread.scheduleWithFixedDelay(this::save, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Reads what was kept into the book, and keeps the book from now on. Blocks for the reading.
   *
   * @param folder data folder of this host
   * @param machine what the speeds are measured on
   * @param interval shortest time between two writes
   */
  public static SpeedKeeper start(
      SpeedBook book, Path folder, MachineKind machine, Duration interval) {
    var file = new SpeedFile(folder.resolve(FILE), machine);
    var kept = file.read();
    book.restore(kept);
    if (!kept.isEmpty()) {
      LOG.info("measured speeds are known from before: models={}", kept.size());
    }
    return new SpeedKeeper(book, file, interval);
  }

  private void save() {
    var speeds = book.takeChanges();
    if (speeds == null) {
      return;
    }
    try {
      file.write(speeds);
    } catch (IOException e) {
      book.keepChanges();
      LOG.warn("cannot keep the measured speeds: {}", e.toString());
    }
  }

  /** Writes what is new and ends; completes when that is done. */
  public CompletionStage<Void> close() {
    saves.cancel(false);
    var saved = CompletableFuture.runAsync(this::save, thread);
    thread.shutdown();
    return saved;
  }
}
