package org.brokecluster.node.runtime.process;

import java.time.Instant;
import java.util.List;

/**
 * A server process as it is remembered on disk, so that a node that was killed finds it again.
 *
 * @param name of the model, for messages
 * @param pid of the process itself
 * @param startedMillis when it started, as the system says, in milliseconds of Unix time; 0 if the
 *     system did not say
 * @param port it was told to listen on
 * @param children processes that came from it
 */
public record ProcessRecord(
    String name, long pid, long startedMillis, int port, List<Child> children) {
  /** A process that came from it. */
  public record Child(long pid, long startedMillis) {}

  /** Copies the list. */
  public ProcessRecord {
    children = List.copyOf(children);
  }

  /** When a process started, in milliseconds of Unix time; 0 if the system does not say. */
  static long started(ProcessHandle handle) {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** The same process with its children of now. */
  ProcessRecord with(ProcessTree tree) {
    return new ProcessRecord(
        name,
        pid,
        startedMillis,
        port,
        tree.members().stream()
            .filter(member -> member.pid() != pid)
            .limit(ProcessRegister.CHILDREN_MAX)
            .map(member -> new Child(member.pid(), started(member)))
            .toList());
  }
}
