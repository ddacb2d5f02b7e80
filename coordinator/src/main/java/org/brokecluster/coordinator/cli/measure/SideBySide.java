package org.brokecluster.coordinator.cli.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.brokecluster.shared.cli.VerbException;

/** Does several things at the same time, on threads that do not outlive the process. */
final class SideBySide {
  private final int threads;

  SideBySide(int threads) {
    this.threads = threads;
  }

  /** The results in the order of the tasks; the first failure is thrown, the others go on alone. */
  <T> List<T> run(List<? extends Callable<T>> tasks) {
    var executor =
        Executors.newFixedThreadPool(
            Math.max(1, threads),
            task -> {
              var thread = new Thread(task, "side-by-side");
              thread.setDaemon(true);
              return thread;
            });
    try {
      var running = new ArrayList<Future<T>>();
      for (var task : tasks) {
        running.add(executor.submit(task));
      }
      var results = new ArrayList<T>();
      for (var each : running) {
        results.add(result(each));
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  private static <T> T result(Future<T> running) {
    try {
      return running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof VerbException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VerbException.failed("interrupted");
    }
  }
}
