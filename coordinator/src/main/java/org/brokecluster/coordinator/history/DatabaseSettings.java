package org.brokecluster.coordinator.history;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.PlainDatabase;
import org.brokecluster.coordinator.history.store.SlickH2Database;
import org.brokecluster.shared.config.SettingsReader;

/**
 * Which database keeps the history: a file of this host, or a PostgreSQL server that every
 * coordinator reaches.
 *
 * @param url {@code jdbc:postgresql://…}, or empty for a file in the data folder
 * @param user who logs in; empty for whom the URL or the server names
 * @param password never shown
 */
public record DatabaseSettings(String url, String user, String password) {
  /** A file in the data folder. */
  public static final DatabaseSettings FILE = new DatabaseSettings("", "", "");

  private static final String SECTION = "broke.history.database.";
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final String SLICK = "akka-persistence-jdbc.shared-databases.slick.";

  /**
   * Properties of every connection to a server. What the server says in detail of a failed write
   * would put whole events into the log.
   */
  private static final Map<String, String> SERVER =
      Map.of(
          "connectTimeout", "5",
          "socketTimeout", "30",
          "tcpKeepAlive", "true",
          "ApplicationName", "broke",
          "logServerErrorDetail", "false",
          "reWriteBatchedInserts", "true");

  static DatabaseSettings from(SettingsReader reader) {
    var settings =
        new DatabaseSettings(
            reader.optionalText(SECTION + "url").orElse(""),
            reader.optionalText(SECTION + "user").orElse(""),
            reader.optionalText(SECTION + "password").orElse(""));
    if (!settings.url.isEmpty() && !settings.isServer()) {
      reader.problem(
          SECTION + "url", "must begin with " + POSTGRES + " or be empty for a file of this host");
    }
    if (settings.url.contains("password=")) {
      reader.problem(
          SECTION + "url",
          "must not hold the password, it would be shown: set " + SECTION + "password");
    }
    return settings;
  }

  /** Whether it is a PostgreSQL server, which other coordinators reach too. */
  public boolean isServer() {
    return url.startsWith(POSTGRES);
  }

  /** Where the history lies, for people; holds no secret. */
  public String place(Path dataDir) {
    int parameters = url.indexOf('?');
    return isServer()
        ? parameters < 0 ? url : url.substring(0, parameters)
        : HistorySettings.file(dataDir) + ".mv.db";
  }

  /**
   * The pool's settings. H2: WRITE_DELAY=0, so that a commit is in the file when it is acknowledged
   * and a killed process loses nothing it was told is stored; closed by us, not by its own hook,
   * and not while the pool changes its last connection. PostgreSQL: a server that vanished without
   * a word is noticed by the timeouts.
   */
  Map<String, Object> pool(Path dataDir, long cacheBytes) {
    Map<String, Object> values = new HashMap<>();
    if (isServer()) {
      values.put(SLICK + "profile", "slick.jdbc.PostgresProfile$");
      values.put(SLICK + "db.url", url);
      values.put(SLICK + "db.driver", "org.postgresql.Driver");
      if (!user.isEmpty()) {
        values.put(SLICK + "db.user", user);
        values.put(SLICK + "db.password", password);
      }
      SERVER.forEach((name, value) -> values.put(SLICK + "db.properties." + name, value));
    } else {
      values.put(SLICK + "profile", "slick.jdbc.H2Profile$");
      values.put(SLICK + "db.url", fileUrl(dataDir, cacheBytes));
      values.put(SLICK + "db.driver", "org.h2.Driver");
      values.put(SLICK + "db.connectionTestQuery", SlickH2Database.TEST);
    }
    return values;
  }

  /**
   * The same database for a program that is no running host. Nothing bounds how long a statement
   * may take there.
   */
  Database plain(Path dataDir, long cacheBytes) {
    var properties = new Properties();
    if (!isServer()) {
      var file = Path.of(place(dataDir));
      return new PlainDatabase(fileUrl(dataDir, cacheBytes), properties, file.toString(), file);
    }
    properties.putAll(SERVER);
    properties.setProperty("socketTimeout", "0");
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
      properties.setProperty("password", password);
    }
    return new PlainDatabase(url, properties, place(dataDir), null);
  }

  private static String fileUrl(Path dataDir, long cacheBytes) {
    return "jdbc:h2:file:"
        + HistorySettings.file(dataDir).toString().replace(";", "\\;")
        + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;WRITE_DELAY=0;TRACE_LEVEL_FILE=0"
        + ";CACHE_SIZE="
        + cacheBytes / 1024;
  }

  @Override
  public String toString() {
    return "DatabaseSettings[url=" + url + ", user=" + user + "]";
  }
}
