package org.brokecluster.node.runtime.process;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.brokecluster.node.runtime.process.ProcessLife.Ending;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One started process with its port. Starting, looking and ending block; everything else does not.
 */
final class RunningProcess {
  private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);
  private static final int CONNECT_MILLIS = 300;
  private static final int READ_CHARS = 4096;
  private static final int LAST_WORDS_MILLIS = 500;

  /** Variables of our own that a model server has no business with: keys among them. */
  private static final String OURS = "BROKE_";

  /** The process notes its own id before it becomes the server. */
  private static final String NOTE_AND_BECOME = "echo \"$$\" > \"$1\" && shift && exec \"$@\"";

  private final ProcessRegister register;
  private final Path pidFile;
  private final Process process;
  private final int port;
  private final OutputTail output;
  private volatile ProcessRecord record;
  private volatile ProcessTree tree;
  private volatile @Nullable Thread reader;

  private RunningProcess(
      ProcessRegister register, Path pidFile, Process process, ProcessRecord record, int lines) {
    this.register = register;
    this.pidFile = pidFile;
    this.process = process;
    this.port = record.port();
    this.record = record;
    this.output = new OutputTail(lines);
    this.tree = ProcessTree.of(process.toHandle());
  }

  /**
   * Starts a process on a free port, written down before anything else is done with it.
   *
   * @param name of the model, for messages and the register
   * @param launch makes the command for a port
   * @throws IOException if it cannot be started or written down; nothing is left running then
   */
  static RunningProcess start(
      String name, IntFunction<Launch> launch, ProcessRegister register, int lines)
      throws IOException {
    int port = freePort();
    var how = launch.apply(port);
    var pidFile = register.pidFile();
    var command = new ArrayList<>(List.of("/bin/sh", "-c", NOTE_AND_BECOME, "broke"));
    command.add(pidFile.toString());
    command.addAll(how.command());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith(OURS));
    builder.environment().putAll(how.environment());
    var process = builder.start();
    var handle = process.toHandle();
    var record =
        new ProcessRecord(name, handle.pid(), ProcessRecord.started(handle), port, List.of());
    try {
      register.put(record);
    } catch (IOException e) {
      ProcessTree.of(handle).endNow();
      register.remove(handle.pid(), pidFile);
      throw e;
    }
    var running = new RunningProcess(register, pidFile, process, record, lines);
    running.readOutput(name);
    return running;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void readOutput(String name) {
    var thread = new Thread(this::readAll, "broke-output-" + name);
    thread.setDaemon(true);
    reader = thread;
    thread.start();
  }

  private void readAll() {
    var buffer = new char[READ_CHARS];
    try (var in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        output.add(new String(buffer, 0, count), System.nanoTime());
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("the output of a process broke off: pid={}", process.pid());
    }
  }

  long pid() {
    return process.pid();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  OutputTail output() {
    return output;
  }

  /** Completes when the process itself has ended; its children may live on. */
  CompletionStage<Process> onExit() {
    return process.onExit();
  }

  /** Who listens on its port. Blocks for a moment. */
  PortOwner.Holder holder(PortOwner ports) {
    refresh();
    var holder = ports.holder(port, tree.pids());
    if (holder != PortOwner.Holder.UNKNOWN) {
      return holder;
    }
    // The system does not tell. Whoever listens now has to make a token anyway.
    return answersConnect() ? PortOwner.Holder.OURS : PortOwner.Holder.NOBODY;
  }

  private boolean answersConnect() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sees and notes children that have come. Blocks for a moment. */
  void refresh() {
    var now = ProcessTree.of(tree.members().stream().filter(ProcessHandle::isAlive).toList());
    boolean isNews = !now.pids().equals(tree.pids()) && process.isAlive();
    if (!isNews) {
      return;
    }
    tree = now;
    try {
      record = record.with(now);
      register.put(record);
    } catch (IOException e) {
      LOG.warn("cannot note the children of a process: pid={}", process.pid(), e);
    }
  }

  /** Ends it with its children; one that does not end stays written down for the next start. */
  void end(Duration grace) {
    var all = ProcessTree.of(tree.members());
    if (all.end(grace)) {
      register.remove(process.pid(), pidFile);
    } else {
      LOG.error("a model server does not end, its memory stays taken: pids={}", all.pids());
    }
    awaitOutput();
  }

  /** The last words of a process may still be on their way when it is gone. */
  private void awaitOutput() {
    var thread = reader;
    try {
      if (thread != null) {
        thread.join(LAST_WORDS_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How it ended; after {@link #end}. */
  Ending ending() {
    var how = process.isAlive() ? "does not end" : exit(process.exitValue());
    var said = output.lastWords();
    var why = said.isEmpty() ? "it " + how + " without a word" : said + " (it " + how + ")";
    return new Ending(output.error(), why);
  }

  private static String exit(int code) {
    int signals = 128;
    return code > signals && code <= signals + 64
        ? "was ended by signal " + (code - signals)
        : "ended with code " + code;
  }
}
