package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the server processes that an earlier life of this node has left behind, because it was
 * killed or its machine lost power. A process is ours only if its id <em>and</em> its start time
 * are the ones written down; an id that was given to another program since is left alone.
 */
final class OrphanReaper {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);

  /** Systems derive start times from the time of boot, which they correct by up to a second. */
  private static final long SAME_START_MILLIS = 2_000;

  /** A process writes its id down within a moment of its start. */
  private static final long WRITTEN_AFTER_MILLIS = 10_000;

  private static final int DIGITS_MAX = 19;

  private final ProcessRegister register;
  private final Duration grace;

  OrphanReaper(ProcessRegister register, Duration grace) {
    this.register = register;
    this.grace = grace;
  }

  /**
   * Ends what is left. Blocks until it is gone.
   *
   * @return how many processes were ended, children included
   */
  int reap() {
    var found = new LinkedHashMap<Long, ProcessHandle>();
    for (var record : register.left()) {
      collect(found, record.name(), record.pid(), record.startedMillis());
      record.children().forEach(c -> collect(found, record.name(), c.pid(), c.startedMillis()));
    }
    var files = register.pidFilesLeft();
    for (var file : files) {
      written(file).ifPresent(handle -> found.putIfAbsent(handle.pid(), handle));
    }
    int count = end(found);
    register.clear(files);
    return count;
  }

  private int end(Map<Long, ProcessHandle> found) {
    if (found.isEmpty()) {
      return 0;
    }
    var tree = ProcessTree.of(new ArrayList<>(found.values()));
    boolean gone = tree.end(grace);
    if (!gone) {
      LOG.warn("model servers of an earlier run do not end: pids={}", tree.pids());
    }
    return tree.pids().size();
  }

  private static void collect(
      Map<Long, ProcessHandle> found, String name, long pid, long startedMillis) {
    ProcessHandle.of(pid)
        .filter(handle -> handle.isAlive() && !isOurselves(handle))
        .filter(handle -> startedMillis > 0 && sameStart(handle, startedMillis))
        .ifPresent(
            handle -> {
              LOG.info(
                  "ending a model server that an earlier run left: model={} pid={}", name, pid);
              found.putIfAbsent(pid, handle);
            });
  }

  private static boolean sameStart(ProcessHandle handle, long startedMillis) {
    long started = ProcessRecord.started(handle);
    return started > 0 && Math.abs(started - startedMillis) <= SAME_START_MILLIS;
  }

  /** A process that wrote its id down, but whose node died before it could note the start. */
  private static Optional<ProcessHandle> written(Path file) {
    try {
      if (Files.size(file) > DIGITS_MAX + 1) {
        return Optional.empty();
      }
      var text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (!text.matches("\\d{1,18}")) {
        return Optional.empty();
      }
      long at = Files.getLastModifiedTime(file).toMillis();
      return ProcessHandle.of(Long.parseLong(text))
          .filter(handle -> handle.isAlive() && !isOurselves(handle))
          .filter(handle -> startedJustBefore(handle, at));
    } catch (IOException e) {
      LOG.warn("cannot read the id of a process left behind: file={}", file, e);
      return Optional.empty();
    }
  }

  private static boolean startedJustBefore(ProcessHandle handle, long writtenMillis) {
    long started = ProcessRecord.started(handle);
    return started > 0
        && started <= writtenMillis + SAME_START_MILLIS
        && started >= writtenMillis - WRITTEN_AFTER_MILLIS;
  }

  private static boolean isOurselves(ProcessHandle handle) {
    for (var next = Optional.of(ProcessHandle.current()); next.isPresent(); ) {
      if (next.get().pid() == handle.pid()) {
        return true;
      }
      next = next.get().parent();
    }
    return false;
  }
}
