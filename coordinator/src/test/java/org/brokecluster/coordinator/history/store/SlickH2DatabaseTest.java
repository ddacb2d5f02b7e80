package org.brokecluster.coordinator.history.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
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

  private static String advice(IOException cause) {
    return SlickH2Database.adviceFor(new SQLException("general", "HY000", 50_000, cause));
  }
}
