package org.brokecluster.node.runtime.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A process and all that came from it. Handles compare start times, so a reused id is not hit. */
final class ProcessTree {
  private static final Duration AFTER_KILL = Duration.ofSeconds(2);

  private final Map<Long, ProcessHandle> members = new LinkedHashMap<>();

  private ProcessTree(Collection<ProcessHandle> handles) {
    handles.forEach(handle -> members.putIfAbsent(handle.pid(), handle));
  }

  /** A process with its children of now. */
  static ProcessTree of(ProcessHandle root) {
    return of(List.of(root));
  }

  /** Several processes with their children of now. */
  static ProcessTree of(Collection<ProcessHandle> roots) {
    var all = new ArrayList<>(roots);
    roots.forEach(root -> root.descendants().forEach(all::add));
    return new ProcessTree(all);
  }

  Set<Long> pids() {
    return Set.copyOf(members.keySet());
  }

  List<ProcessHandle> members() {
    return List.copyOf(members.values());
  }

  /**
   * Asks all to end, and ends those that have not after the grace. Blocks until then.
   *
   * @return whether all are gone
   */
  boolean end(Duration grace) {
    alive().forEach(ProcessHandle::destroy);
    if (awaitAll(grace)) {
      return true;
    }
    return endNow();
  }

  /** Ends all at once, with children that came meanwhile; blocks for a moment. */
  boolean endNow() {
    for (var handle : ProcessTree.of(alive()).members()) {
      members.putIfAbsent(handle.pid(), handle);
    }
    alive().forEach(ProcessHandle::destroyForcibly);
    return awaitAll(AFTER_KILL);
  }

  private List<ProcessHandle> alive() {
    return members.values().stream().filter(ProcessHandle::isAlive).collect(Collectors.toList());
  }

  private boolean awaitAll(Duration patience) {
    var exits = alive().stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(exits).get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return alive().isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return alive().isEmpty();
    }
  }
}
