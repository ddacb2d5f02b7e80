package org.brokecluster.coordinator.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL on loopback, from binaries that Maven brought. PostgreSQL refuses to run as
 * root: there it runs as {@code nobody}. A shell stands between, which ends the server when this
 * JVM is gone, however it went.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String USER = "broke";
  private static final String PASSWORD = "only-for-tests";
  private static final String SUPERVISOR =
      "\"$@\" </dev/null & child=$!; trap 'kill -QUIT $child' TERM INT;"
          + " read word; kill -QUIT $child; wait $child";

  private final Path folder;
  private final List<String> as;
  private final int port;
  private final boolean durable;
  private final AtomicInteger databases = new AtomicInteger();
  private Process server;

  private PostgresServer(Path folder, List<String> as, int port, boolean durable) {
    this.folder = folder;
    this.as = as;
    this.port = port;
    this.durable = durable;
  }

  /** The one server of this JVM, started on first use, without care for a power loss. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    private static final PostgresServer SERVER = start(false);

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }

  /**
   * A server of its own.
   *
   * @param durable whether a commit is on the disk when it is acknowledged
   */
  public static PostgresServer start(boolean durable) {
    try {
      var folder = Files.createTempDirectory("broke-postgres");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpack(folder);
      var as = as(folder);
      var made = new PostgresServer(folder, as, freePort(), durable);
      made.initialise();
      made.resume();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings of a history in a fresh database on this server. */
  public Map<String, Object> freshDatabase() {
    var name = "t" + databases.incrementAndGet();
    try (var connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return Map.of(
        "broke.history.database.url", url(name),
        "broke.history.database.user", USER,
        "broke.history.database.password", PASSWORD);
  }

  /** A connection to a database of this server. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        database.startsWith("jdbc:") ? database : url(database), USER, PASSWORD);
  }

  /** Ends the server as a crash would: what was acknowledged is recovered at the next start. */
  public void crash() {
    try {
      server.getOutputStream().close();
      if (!server.waitFor(60, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts the server and waits until it answers. */
  public void resume() {
    try {
      server =
          new ProcessBuilder(supervised())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("server.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!answers()) {
      if (System.nanoTime() > deadline || !server.isAlive()) {
        throw new AssertionError("PostgreSQL did not start: " + log());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Override
  public void close() {
    crash();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted((left, right) -> right.compareTo(left)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    try (var connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private void initialise() throws IOException {
    var password = folder.resolve("home").resolve("password");
    Files.writeString(password, PASSWORD);
    run(
        with(
            as,
            folder.resolve("bin/initdb").toString(),
            "-D",
            data(),
            "-U",
            USER,
            "--pwfile=" + password,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync"));
  }

  private List<String> supervised() {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISOR, "postgres"));
    command.addAll(
        with(
            as,
            folder.resolve("bin/postgres").toString(),
            "-D",
            data(),
            "-p",
            Integer.toString(port),
            "-h",
            "127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=" + (durable ? "on" : "off")));
    return command;
  }

  private String data() {
    return folder.resolve("home").resolve("data").toString();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("server.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What to put before a command so that it does not run as root; makes it a home of its own. */
  private static List<String> as(Path folder) throws IOException {
    var home = Files.createDirectory(folder.resolve("home"));
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    var users = folder.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(home, users.lookupPrincipalByName("nobody"));
    if (Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      return List.of("setpriv", "--reuid=nobody", "--clear-groups", "--");
    }
    return List.of("runuser", "-u", "nobody", "--");
  }

  private static List<String> with(List<String> as, String... command) {
    var all = new ArrayList<>(as);
    all.addAll(List.of(command));
    return all;
  }

  private static void unpack(Path folder) throws IOException {
    var tar = new ProcessBuilder("tar", "-xf", "-", "-C", folder.toString()).inheritIO();
    var process = tar.redirectInput(ProcessBuilder.Redirect.PIPE).start();
    try (var packed = binaries();
        var plain = new XZInputStream(packed);
        var into = process.getOutputStream()) {
      plain.transferTo(into);
    }
    await(process, "tar");
  }

  private static InputStream binaries() {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    var name = "/postgres-%s-%s.txz".formatted(os ? "darwin" : "linux", arm ? "arm_64" : "x86_64");
    var found = PostgresServer.class.getResourceAsStream(name);
    if (found == null) {
      throw new AssertionError("no PostgreSQL for this machine on the class path: " + name);
    }
    return found;
  }

  private static void run(List<String> command) throws IOException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await(process, command.toString());
  }

  private static void await(Process process, String what) {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(what + " failed: " + process);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
