package org.brokecluster.node.pull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * Fetches one file into its blob: goes on where an earlier try stopped, tries again when the
 * network or the hub fails, and believes nothing that does not hash to what it should. Blocks; one
 * thread.
 */
final class BlobDownload {
  private static final int BUFFER = 256 * 1024;
  private static final Duration PAUSE_MAX = Duration.ofSeconds(60);

  private final PullSettings settings;
  private final HubClient hub;
  private final HubCache cache;
  private final HubModel model;
  private final String commit;
  private final HubFile file;
  private final PullProgress progress;
  private final StallWatch stalls;
  private final StopSignal stop;

  /** What all downloads of one pull share. */
  record Shared(
      PullSettings settings,
      HubClient hub,
      HubCache cache,
      HubModel model,
      String commit,
      PullProgress progress,
      StallWatch stalls,
      StopSignal stop) {}

  BlobDownload(Shared shared, HubFile file) {
    this.settings = shared.settings();
    this.hub = shared.hub();
    this.cache = shared.cache();
    this.model = shared.model();
    this.commit = shared.commit();
    this.progress = shared.progress();
    this.stalls = shared.stalls();
    this.stop = shared.stop();
    this.file = file;
  }

  /**
   * Fetches it, unless it is here; returns early if told to stop.
   *
   * @throws PullException if it could not be had in all tries
   */
  void run() throws PullException, InterruptedException {
    var partial = cache.partial(file);
    PullException last = PullException.passing("not tried");
    boolean wasWrong = false;
    for (int tried = 0; tried < settings.triesMax() && !stop.isGiven(); tried++) {
      try {
        if (tried > 0 && stop.pause(pause(tried, last))) {
          return;
        }
        if (attempt(partial)) {
          return;
        }
        if (wasWrong) {
          throw PullException.lasting(
              "%s has twice come with a content that does not match its hash"
                  .formatted(file.path()));
        }
        wasWrong = true;
        last = PullException.passing(file.path() + " does not match its hash");
      } catch (PullException e) {
        if (e.isLasting()) {
          throw e;
        }
        last = e;
      } catch (IOException e) {
        throw PullException.lasting(
            "cannot write %s into %s: %s".formatted(file.path(), cache.folder(), e));
      }
    }
    if (!stop.isGiven()) {
      throw PullException.passing(
          "%s (gave up after %d tries; the next pull goes on from here)"
              .formatted(last.getMessage(), settings.triesMax()));
    }
  }

  private Duration pause(int tried, PullException last) {
    var doubled = settings.retryDelay().multipliedBy(1L << Math.min(tried - 1, 10));
    var pause = doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
    return last.pause().compareTo(pause) > 0 ? last.pause() : pause;
  }

  /** Returns false if the content was wrong, and is gone; or true if it is here, or to stop. */
  private boolean attempt(Path partial) throws IOException, PullException, InterruptedException {
    if (cache.has(file)) {
      return true;
    }
    long here = Files.exists(partial) ? Files.size(partial) : 0;
    if (here > file.size()) {
      Files.delete(partial);
      here = 0;
    }
    var digest = digestOf(partial, here);
    if (here < file.size()) {
      digest = fetch(partial, here, digest);
    } else if (here == 0) {
      Files.write(partial, new byte[0]);
    }
    if (stop.isGiven()) {
      return true;
    }
    return finish(partial, digest);
  }

  private boolean finish(Path partial, MessageDigest digest) throws IOException {
    if (!file.hash().matches(digest)) {
      progress.lost(Files.size(partial));
      Files.delete(partial);
      return false;
    }
    Files.move(
        partial,
        cache.blob(file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private MessageDigest digestOf(Path partial, long here) throws IOException {
    var digest = file.hash().begin(file.size());
    if (here > 0) {
      try (var in = Files.newInputStream(partial)) {
        var buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          digest.update(buffer, 0, count);
        }
      }
    }
    return digest;
  }

  /** Adds what is missing; the digest of all of it. */
  private MessageDigest fetch(Path partial, long here, MessageDigest before)
      throws IOException, PullException, InterruptedException {
    var content = hub.open(model, commit, file, here);
    try (var body = stalls.watch(content.bytes())) {
      stop.opened(body);
      try {
        return save(body, content.offset(), partial, here, before);
      } finally {
        stop.closed(body);
      }
    }
  }

  private MessageDigest save(
      InputStream body, long offset, Path partial, long here, MessageDigest before)
      throws IOException, PullException {
    var digest = before;
    long length = here;
    if (offset != here) {
      if (offset != 0) {
        throw PullException.passing("the hub sent another part than it was asked for");
      }
      digest = file.hash().begin(file.size());
      progress.lost(here);
      length = 0;
    }
    var mode = length == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
    try (var out = Files.newOutputStream(partial, StandardOpenOption.CREATE, mode)) {
      var buffer = new byte[BUFFER];
      for (int count = read(body, buffer, length); count >= 0; count = read(body, buffer, length)) {
        if (length + count > file.size()) {
          throw PullException.passing("the hub sent more of %s than it has".formatted(file.path()));
        }
        out.write(buffer, 0, count);
        digest.update(buffer, 0, count);
        length += count;
        progress.fetched(count);
      }
    }
    if (length < file.size() && !stop.isGiven()) {
      throw brokeOff(length, "the connection was closed");
    }
    return digest;
  }

  /** Reads from the network; what fails there may be better in a moment, unlike the disk. */
  private int read(InputStream body, byte[] buffer, long length) throws PullException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw brokeOff(length, String.valueOf(e.getMessage()));
    }
  }

  private PullException brokeOff(long length, String reason) {
    return PullException.passing(
        "%s broke off after %d of %d bytes: %s"
            .formatted(file.path(), length, file.size(), reason));
  }
}
