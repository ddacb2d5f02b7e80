package org.brokecluster.coordinator.history;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.brokecluster.coordinator.history.backup.BackupCheck;
import org.brokecluster.coordinator.history.backup.BackupFile;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.HistoryReader;
import org.brokecluster.coordinator.history.store.Projector;
import org.brokecluster.coordinator.history.store.Restoring;
import org.brokecluster.coordinator.history.store.Schema;
import org.brokecluster.coordinator.history.verify.VerificationReport;

/**
 * Makes a history out of a backup, while no host has its database open: the file is read to its end
 * before anything is written, everything is written in one transaction, the table of requests is
 * made anew, and the result is replayed. Blocks.
 */
public final class HistoryRestore {
  private static final int RECENT_REQUESTS = 10_000;

  private final Path file;
  private final Database database;
  private final Progress progress;

  /** Nothing happens before {@link #run}. */
  public HistoryRestore(Path file, Database database, Progress progress) {
    this.file = file;
    this.database = database;
    this.progress = progress;
  }

  /** Hears how far it has come. */
  public interface Progress {
    /**
     * Something is under way.
     *
     * @param what in a few words
     * @param done rows so far
     * @param all rows in all, 0 while that is not known
     */
    void at(String what, long done, long all);
  }

  /**
   * What was restored.
   *
   * @param rows of the journal
   * @param people with an id
   * @param texts prompts and answers that were kept, and notes about them; still sealed
   * @param leftOut texts that were kept where the backup was made and are not in it
   * @param highestTerm a router that goes on has to take a higher one
   * @param report what replaying it has shown
   */
  public record Restored(
      long rows,
      long people,
      long texts,
      long leftOut,
      long highestTerm,
      VerificationReport report) {}

  /**
   * Restores.
   *
   * @throws IOException if the file cannot be read, is cut off, altered, or of another version;
   *     then the database was not touched
   * @throws Restoring.NotEmpty if there is a history already
   * @throws SQLException if the database fails; then nothing is in it
   */
  public Restored run() throws IOException, SQLException {
    var backup = new BackupFile(file);
    backup.<RuntimeException>read((line, check) -> tell("checking the file", check));
    try {
      try (var connection = database.probe()) {
        Schema.upgrade(connection);
        try (var restoring = Restoring.begin(connection)) {
          var written =
              backup.<SQLException>read(
                  (line, check) -> {
                    restoring.line(line);
                    tell("writing", check);
                  });
          restoring.commit();
          return proven(written);
        }
      }
    } finally {
      database.shutDown();
    }
  }

  private Restored proven(BackupCheck written) throws SQLException {
    progress.at("listing requests", written.rows(), written.rows());
    new Projector(database, RECENT_REQUESTS).catchUp();
    progress.at("replaying", written.rows(), written.rows());
    var reader = new HistoryReader(database);
    return new Restored(
        written.rows(),
        written.people(),
        written.texts(),
        written.textsLeftOut(),
        reader.highestTerm(),
        reader.verify());
  }

  private void tell(String what, BackupCheck check) {
    progress.at(what, check.rows(), check.rowsInAll());
  }
}
