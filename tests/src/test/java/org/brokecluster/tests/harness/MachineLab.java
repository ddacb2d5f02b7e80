package org.brokecluster.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Several machines as far as the network goes: Linux network namespaces, each with a loopback and
 * one address of its own, joined by a bridge in a further namespace. Needs root and {@code ip} of
 * iproute2; asks nothing of the network this runs in.
 */
public final class MachineLab implements AutoCloseable {
  private static final int SECONDS = 20;

  /** Labs of two forks of a build, side by side, are networks of their own. */
  private static final int NETWORK = 213 + Integer.getInteger("tests.fork", 1) % 3;

  private final String id = "bl" + Long.toString(ProcessHandle.current().pid() % 100_000, 36);
  private final String subnet = "10." + NETWORK + "." + ProcessHandle.current().pid() % 250 + ".";
  private final Map<String, String> addresses = new LinkedHashMap<>();

  private MachineLab() {}

  /** Why no lab can be had here, or nothing. */
  public static Optional<String> missing() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("network namespaces exist on Linux only");
    }
    var probe = "bl-probe-" + ProcessHandle.current().pid();
    try {
      ip("netns", "add", probe);
      ip("-n", probe, "link", "add", "v0", "type", "veth", "peer", "name", "v1");
      return Optional.empty();
    } catch (AssertionError | UncheckedIOException e) {
      return Optional.of("no network namespaces here (root and iproute2?): " + e.getMessage());
    } finally {
      ipQuietly("netns", "del", probe);
    }
  }

  /** Machines of these names, on one network with this process. */
  public static MachineLab of(String... machines) {
    var lab = new MachineLab();
    try {
      lab.build(List.of(machines));
      return lab;
    } catch (AssertionError | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  private void build(List<String> machines) {
    ip("netns", "add", hub());
    ip("-n", hub(), "link", "add", "br0", "type", "bridge");
    ip("-n", hub(), "link", "set", "dev", "br0", "up");
    ip("link", "add", id, "type", "veth", "peer", "name", "here", "netns", hub());
    ip("addr", "add", subnet + "254/24", "dev", id);
    ip("link", "set", "dev", id, "up");
    ip("-n", hub(), "link", "set", "dev", "here", "master", "br0", "up");
    for (var machine : machines) {
      addresses.put(machine, subnet + (addresses.size() + 1));
      var namespace = namespace(machine);
      ip("netns", "add", namespace);
      ip("-n", namespace, "link", "set", "dev", "lo", "up");
      ip("-n", namespace, "link", "add", "eth0", "type", "veth", "peer", "name", machine);
      ip("-n", namespace, "link", "set", "dev", machine, "netns", hub());
      ip("-n", namespace, "addr", "add", address(machine) + "/24", "dev", "eth0");
      ip("-n", namespace, "link", "set", "dev", "eth0", "up");
      ip("-n", hub(), "link", "set", "dev", machine, "up");
      plug(machine);
    }
  }

  /** The address by which others, and this process, reach a machine. */
  public String address(String machine) {
    return addresses.get(machine);
  }

  /** An address of the network that nobody has. */
  public String nobody() {
    return subnet + "77";
  }

  /** What to put before a command so that it runs on a machine; keeps its process id. */
  public List<String> on(String machine) {
    return List.of("ip", "netns", "exec", namespace(machine));
  }

  /** Runs a command on a machine to its end and returns its output and exit code. */
  public Output run(String machine, Map<String, String> environment, List<String> command) {
    var all = new ArrayList<>(on(machine));
    all.addAll(command);
    return run(environment, all);
  }

  /** What names mean on a machine: lines of a hosts file. */
  public void hosts(String machine, String lines) {
    var folder = Path.of("/etc/netns", namespace(machine));
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n" + lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pulls a machine's cable: nothing gets through, and it is not told. */
  public void unplug(String machine) {
    ip("-n", hub(), "link", "set", "dev", machine, "nomaster");
  }

  /** Puts the cable back. */
  public void plug(String machine) {
    ip("-n", hub(), "link", "set", "dev", machine, "master", "br0");
  }

  private String hub() {
    return id + "-hub";
  }

  private String namespace(String machine) {
    return id + "-" + machine;
  }

  /**
   * A command that has ended.
   *
   * @param text standard output and error
   */
  public record Output(int exit, String text) {}

  private static Output run(Map<String, String> environment, List<String> command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still runs: " + command);
      }
      return new Output(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void ip(String... arguments) {
    var output = ipQuietly(arguments);
    if (output.exit() != 0) {
      throw new AssertionError("ip " + String.join(" ", arguments) + ": " + output.text().strip());
    }
  }

  private static Output ipQuietly(String... arguments) {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    try {
      return run(Map.of(), command);
    } catch (UncheckedIOException e) {
      return new Output(127, String.valueOf(e.getMessage()));
    }
  }

  /** Takes everything away again; what runs on the machines must have ended. */
  @Override
  public void close() {
    for (var machine : addresses.keySet()) {
      ipQuietly("netns", "del", namespace(machine));
      deleteHosts(Path.of("/etc/netns", namespace(machine)));
    }
    ipQuietly("link", "del", id);
    ipQuietly("netns", "del", hub());
  }

  private static void deleteHosts(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve("hosts"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
