package org.brokecluster.coordinator.cli.history;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokecluster.coordinator.cli.text.InputText;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.cli.text.ProgressLine;
import org.brokecluster.coordinator.history.HistoryRestore;
import org.brokecluster.coordinator.history.HistoryRestore.Restored;
import org.brokecluster.coordinator.history.HistorySettings;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.Restoring;
import org.brokecluster.coordinator.history.verify.VerificationReport;
import org.brokecluster.coordinator.router.TermFile;
import org.brokecluster.shared.cli.ExitCode;
import org.brokecluster.shared.cli.VerbException;
import org.brokecluster.shared.config.ClusterConf;
import org.brokecluster.shared.config.InvalidConfigException;
import org.brokecluster.shared.config.SettingsReader;
import org.brokecluster.shared.host.DataFolderLock;
import org.brokecluster.shared.host.HostSettingsReader;
import org.brokecluster.shared.host.StartException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./broke history restore}: a history from a file, for a host that is not running. */
@Command(
    name = "restore",
    description = {
      "Make a history out of the file of a backup, where there is none yet.",
      "",
      "The host whose history it becomes must not run; the database is the one of its"
          + " configuration. The file is checked to its end before anything is written, and"
          + " replayed afterwards.",
      "",
      "  ./broke history restore history.jsonl.gz",
      "  ./broke history restore h.jsonl.gz --into jdbc:postgresql://db.local/broke",
      ""
    },
    sortOptions = false)
final class HistoryRestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "What ./broke history backup has written.")
  private Path file = Path.of("history.jsonl.gz");

  @Option(
      names = "--into",
      paramLabel = "URL",
      description = "Another database: jdbc:postgresql://HOST/NAME. Default: as configured.")
  private @Nullable String into;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Data folder of the host. Default: as configured, else ~/.broke.")
  private @Nullable String dataDir;

  @Option(
      names = "--config-dir",
      paramLabel = "FOLDER",
      description = "Folder of cluster.conf. Default: BROKE_CONFIG_DIR, then the project's root.")
  private @Nullable Path configDir;

  @Option(names = "--json", description = "Print what was found as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    var config = config();
    var folder = HostSettingsReader.expandHome(config.getString("broke.data-dir"));
    var reader = new SettingsReader(config);
    var settings = HistorySettings.from(reader);
    if (!reader.problems().isEmpty()) {
      throw VerbException.misuse(String.join("; ", reader.problems()));
    }
    try {
      var lock = DataFolderLock.take(folder);
      try {
        return restore(folder, settings.plainDatabase(folder));
      } finally {
        lock.close();
      }
    } catch (StartException e) {
      throw VerbException.failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw VerbException.failed("cannot use the data folder " + folder + ": " + e.getMessage());
    }
  }

  private Config config() {
    var given = ConfigFactory.empty("command line");
    given = with(given, "broke.history.database.url", into);
    given = with(given, "broke.data-dir", dataDir);
    try {
      return ClusterConf.forThisProcess(Optional.ofNullable(configDir))
          .load(given, Optional.empty());
    } catch (InvalidConfigException e) {
      throw VerbException.misuse(String.valueOf(e.getMessage()));
    }
  }

  private static Config with(Config config, String key, @Nullable String value) {
    return value == null
        ? config
        : config.withValue(key, ConfigValueFactory.fromAnyRef(value, "command line"));
  }

  private int restore(Path folder, Database database) throws IOException {
    var restored = restored(database);
    new TermFile(folder).raiseTo(restored.highestTerm());
    print(folder, database, restored);
    return restored.report().result() == VerificationReport.Result.DIFFERS
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  private Restored restored(Database database) {
    var progress = ProgressLine.on(spec.commandLine().getErr());
    try {
      return new HistoryRestore(
              file,
              database,
              (what, done, all) -> progress.show("%s: %d of %d rows".formatted(what, done, all)))
          .run();
    } catch (Restoring.NotEmpty e) {
      throw VerbException.failed(
          "the database %s %s. A backup is restored where there is none: name an empty one with"
                  .formatted(database.place(), e.getMessage())
              + " --into or --data-dir");
    } catch (SQLException e) {
      throw VerbException.failed(reason(database, e));
    } catch (FileSystemException e) {
      throw InputText.unreadable(file.toString(), e);
    } catch (IOException e) {
      throw VerbException.failed("%s %s. Nothing was restored".formatted(file, e.getMessage()));
    } finally {
      progress.clear();
    }
  }

  private static String reason(Database database, SQLException failure) {
    var advice = database.advice(failure);
    return "the database %s %s. Nothing was restored"
        .formatted(database.place(), advice.isEmpty() ? "failed: " + failure.getMessage() : advice);
  }

  private void print(Path folder, Database database, Restored restored) {
    var out = spec.commandLine().getOut();
    var report = restored.report();
    if (json) {
      var document = Json.object().put("place", database.place()).put("rows", restored.rows());
      document.put("people", restored.people()).put("texts", restored.texts());
      document.put("textsLeftOut", restored.leftOut()).put("events", report.events());
      document.put("replay", report.verdict()).put("message", report.message());
      out.println(Json.pretty(document));
    } else {
      out.printf(
          Locale.ROOT,
          "restored into %s: %s%nreplay: %s: %s%n",
          database.place(),
          HistoryBackupCommand.counts(restored.rows(), restored.people(), restored.texts()),
          report.verdict(),
          report.message());
      out.print(aboutTexts(folder, restored));
    }
    out.flush();
  }

  private static String aboutTexts(Path folder, Restored restored) {
    if (restored.texts() > 0) {
      return "the texts are still sealed: the keys of the old coordinator, history/content.key in its"
          + " data folder, have to be in %s, or added to the lines there%n"
              .formatted(folder.resolve("history").resolve("content.key"));
    }
    return restored.leftOut() > 0
        ? "%d kept prompts and answers were left out when the backup was made (--with-texts)%n"
            .formatted(restored.leftOut())
        : "";
  }
}
