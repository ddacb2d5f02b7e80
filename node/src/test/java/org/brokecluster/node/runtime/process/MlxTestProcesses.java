package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.brokecluster.node.Soon;

/** What the processes that tests start have left as notes. */
final class MlxTestProcesses {
  private MlxTestProcesses() {}

  /** Ids of the processes that have run from the script in this folder. */
  static List<Long> started(Path folder) throws IOException {
    try (var notes = Files.list(folder)) {
      return notes
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".note"))
          .map(name -> Long.parseLong(name.replace(".note", "")))
          .toList();
    }
  }

  static boolean runs(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Waits until it is so. */
  static void await(Callable<Boolean> condition) {
    Soon.await("it becomes true", condition);
  }
}
