package org.brokecluster.node.pull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.brokecluster.protocol.node.NodeProtocol.PullPhase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetching of one model, from the first question to the published snapshot. {@link #run} blocks
 * for all of it; the other methods may be called from any thread.
 */
final class PullWork implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PullWork.class);
  private static final double GIB = 1L << 30;

  /** Where it stands, and what there is to say. */
  record State(PullPhase phase, String message) {}

  private final PullSettings settings;
  private final HubClient hub;
  private final HubCache cache;
  private final HubModel model;
  private final List<String> include;
  private final PullProgress progress;
  private final StopSignal stop = new StopSignal();
  private volatile State state = new State(PullPhase.ASKING, "asking the hub");

  PullWork(
      PullSettings settings,
      HubClient hub,
      HubCache cache,
      HubModel model,
      List<String> include,
      PullProgress progress) {
    this.settings = settings;
    this.hub = hub;
    this.cache = cache;
    this.model = model;
    this.include = include;
    this.progress = progress;
  }

  State state() {
    return state;
  }

  PullProgress progress() {
    return progress;
  }

  /** Stops it; what is on disk stays there for the next time. */
  void stop() {
    stop.give();
  }

  @Override
  public void run() {
    LOG.info("fetching: model={}", model.label());
    try {
      var message = fetch();
      state =
          stop.isGiven()
              ? new State(PullPhase.STOPPED, "stopped; the next pull goes on from here")
              : new State(PullPhase.DONE, message);
      LOG.info("{}: model={}", state.message(), model.label());
    } catch (PullException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      failed("the disk does not take it: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      state = new State(PullPhase.STOPPED, "the node is ending; the next pull goes on from here");
    } catch (RuntimeException e) {
      LOG.error("a pull failed unexpectedly: model={}", model.label(), e);
      failed("failed unexpectedly: " + e);
    }
  }

  private void failed(String message) {
    LOG.warn("could not fetch: model={} reason={}", model.label(), message);
    state = new State(PullPhase.FAILED, message);
  }

  private String fetch() throws PullException, IOException, InterruptedException {
    var listing = listing();
    var files = PullSelection.choose(listing.files(), include, settings.preferredQuantization());
    var lock = cache.lock();
    if (lock.isEmpty()) {
      throw PullException.lasting("another process on this machine is fetching this model");
    }
    try {
      if (cache.isPublished(listing, files)) {
        begin(files);
        return "is here already";
      }
      begin(files);
      requireSpace();
      state = new State(PullPhase.FETCHING, "fetching");
      download(listing, files);
      if (!stop.isGiven()) {
        cache.publish(listing, files);
      }
      return "fetched to " + cache.folder();
    } finally {
      lock.get().close();
    }
  }

  /** The listing is small and decides about all that follows, so it gets its tries as well. */
  private HubListing listing() throws PullException, InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        return hub.listing(model);
      } catch (PullException e) {
        if (e.isLasting() || tried >= settings.triesMax() || stop.isGiven()) {
          throw e;
        }
        var pause = settings.retryDelay().multipliedBy(tried);
        if (stop.pause(e.pause().compareTo(pause) > 0 ? e.pause() : pause)) {
          throw e;
        }
      }
    }
  }

  private void begin(List<HubFile> files) throws IOException {
    long bytes = 0;
    long bytesHere = 0;
    int filesHere = 0;
    for (var file : files) {
      bytes += file.size();
      bytesHere += cache.bytesHere(file);
      filesHere += cache.has(file) ? 1 : 0;
    }
    progress.begin(files.size(), bytes, filesHere, bytesHere);
  }

  private void requireSpace() throws PullException, IOException {
    long missing = progress.bytes() - progress.bytesDone();
    long free = cache.freeBytes();
    if (missing > 0 && free - missing < settings.diskReserve()) {
      throw PullException.lasting(
          "not enough space at %s: %.1f GiB to fetch, %.1f GiB free, of which %.1f stay free (broke.node.pull.disk-reserve)"
              .formatted(cache.folder(), missing / GIB, free / GIB, settings.diskReserve() / GIB));
    }
  }

  private void download(HubListing listing, List<HubFile> files)
      throws PullException, InterruptedException, IOException {
    // Two files of the same content are one blob.
    var blobs = new LinkedHashMap<String, HubFile>();
    for (var file : files) {
      if (!cache.has(file)) {
        blobs.putIfAbsent(file.hash().hex(), file);
      }
    }
    var workers =
        Executors.newFixedThreadPool(
            settings.parallel(),
            task -> {
              var made = new Thread(task, "broke-pull-" + model.name());
              made.setDaemon(true);
              return made;
            });
    try (var stalls = new StallWatch(settings.stallTimeout())) {
      var shared =
          new BlobDownload.Shared(
              settings, hub, cache, model, listing.commit(), progress, stalls, stop);
      var service = new ExecutorCompletionService<Void>(workers);
      var running = new ArrayList<Future<Void>>();
      for (var file : blobs.values()) {
        running.add(service.submit(() -> one(shared, file)));
      }
      await(service, running);
    } finally {
      workers.shutdownNow();
    }
  }

  private Void one(BlobDownload.Shared shared, HubFile file)
      throws PullException, InterruptedException {
    new BlobDownload(shared, file).run();
    if (!stop.isGiven()) {
      progress.fileDone();
    }
    return null;
  }

  /** The first file that cannot be had ends the others. */
  private void await(ExecutorCompletionService<Void> service, List<Future<Void>> running)
      throws PullException, InterruptedException {
    PullException first = null;
    for (int i = 0; i < running.size(); i++) {
      try {
        service.take().get();
      } catch (ExecutionException e) {
        if (first == null) {
          first = asPullException(e);
          stop.give();
        }
      } catch (CancellationException e) {
        throw new IllegalStateException("nobody cancels a download", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static PullException asPullException(ExecutionException e) {
    return e.getCause() instanceof PullException pull
        ? pull
        : PullException.lasting("failed unexpectedly: " + e.getCause());
  }
}
