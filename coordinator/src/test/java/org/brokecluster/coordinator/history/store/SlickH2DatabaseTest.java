package org.brokecluster.coordinator.history.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.brokecluster.coordinator.history.HistoryKit;
import org.brokecluster.coordinator.history.HistorySettings;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told to do about a file of H2 that cannot be used. */
class SlickH2DatabaseTest {
  @TempDir private Path folder;

  @Test
  void adviceNamesWhatIsInTheWay() {
    assertThat(advice(new IOException("No space left on device"))).contains("no room");
    assertThat(advice(new AccessDeniedException("routing.mv.db"))).contains("chown");
    assertThat(advice(new IOException("something else"))).isEmpty();
  }

  @Test
  void aDamagedFileIsToBeMovedAway() throws Exception {
    var file = folder.resolve("routing.mv.db");
    Files.write(file, new byte[16_384]);
    var url = "jdbc:h2:file:" + folder.resolve("routing");
    var database = new PlainDatabase(url, new Properties(), file.toString(), file);

    try (var never = database.connect()) {
      assertThat(never).as("a connection to a damaged file").isNull();
    } catch (SQLException e) {
      assertThat(database.reason(e))
          .contains(file.toString())
          .contains("is damaged")
          .contains("history restore");
    }
  }

  @Test
  void tidiesAFileThatManySmallWritesHaveFilled() throws Exception {
    var file = Path.of(HistorySettings.file(folder) + ".mv.db");
    try (var kit = HistoryKit.open(folder, Map.of())) {
      var database = new SlickH2Database(kit.system(), file);
      try (var connection = database.probe()) {
        var store = store(connection);
        store.setRetentionTime(0);
        writeOneByOne(connection, 1, () -> {});
        int untidy = store.getFileStore().getChunksFillRate();
        writeOneByOne(connection, 2, database::tidy);

        assertThat(untidy).as("percent that counts").isLessThan(25);
        assertThat(store.getFileStore().getChunksFillRate()).isGreaterThan(35);
      }
    }
  }

  private interface Tidying {
    void run() throws SQLException;
  }

  private static void writeOneByOne(Connection connection, long seed, Tidying tidying)
      throws SQLException {
    var random = new Random(seed);
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t (id VARCHAR PRIMARY KEY, text VARCHAR)");
      for (int row = 0; row < 1_000; row++) {
        var values = "('%x', '%s')".formatted(random.nextLong(), "x".repeat(500));
        statement.execute("INSERT INTO t VALUES " + values);
        if (row % 50 == 0) {
          tidying.run();
        }
      }
    }
  }

  private static MVStore store(Connection connection) throws SQLException {
    var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  private static String advice(IOException cause) {
    return SlickH2Database.adviceFor(new SQLException("general", "HY000", 50_000, cause));
  }
}
