package org.brokecluster.tests.chaos;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Takes the database away under a running host: enters its JVM, as a debugger does, and says {@code
 * SHUTDOWN IMMEDIATELY} to the H2 in it, which closes without writing anything out.
 */
public final class DatabaseShutdown {
  private DatabaseShutdown() {}

  /**
   * Does it to a process.
   *
   * @param dir where the agent may be written
   */
  static void in(long pid, Path dataDir, Path dir) throws IOException {
    try {
      var machine = VirtualMachine.attach(Long.toString(pid));
      try {
        machine.loadAgent(agent(dir).toString(), dataDir.toAbsolutePath().toString());
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IOException("cannot enter process " + pid, e);
    }
  }

  /** A jar that says where the agent is; its class is on the host's class path already. */
  private static Path agent(Path dir) throws IOException {
    var jar = dir.resolve("database-shutdown.jar");
    if (!Files.exists(jar)) {
      var manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().putValue("Agent-Class", DatabaseShutdown.class.getName());
      new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }
    return jar;
  }

  /** Runs in the host's JVM; called by it. */
  public static void agentmain(String dataDir) throws SQLException {
    var url = "jdbc:h2:file:" + Path.of(dataDir, "history", "routing") + ";IFEXISTS=TRUE";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    }
  }
}
