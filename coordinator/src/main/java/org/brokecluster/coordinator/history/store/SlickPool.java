package org.brokecluster.coordinator.history.store;

import akka.actor.typed.ActorSystem;
import akka.persistence.jdbc.db.SlickDatabase;
import akka.persistence.jdbc.db.SlickExtension;
import akka.persistence.jdbc.db.SlickExtensionImpl;
import com.typesafe.config.Config;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The connection pool of the journal, used for everything else as well. Blocks. */
final class SlickPool {
  private final ActorSystem<?> system;

  /** The pool of this system, made on first use. */
  SlickPool(ActorSystem<?> system) {
    this.system = system;
  }

  /** A connection of its own, with the pool's settings. */
  Connection outside() throws SQLException {
    var db = config().getConfig("akka-persistence-jdbc.shared-databases.slick.db");
    var properties = new Properties();
    if (db.hasPath("user")) {
      properties.setProperty("user", db.getString("user"));
      properties.setProperty("password", db.getString("password"));
    }
    if (db.hasPath("properties")) {
      db.getConfig("properties")
          .entrySet()
          .forEach(
              each ->
                  properties.setProperty(
                      each.getKey(), String.valueOf(each.getValue().unwrapped())));
    }
    return DriverManager.getConnection(db.getString("url"), properties);
  }

  Connection connect() throws SQLException {
    return pool().database().source().createConnection();
  }

  void close() {
    pool().database().close();
  }

  private SlickDatabase pool() {
    var extension = (SlickExtensionImpl) SlickExtension.get(system.classicSystem());
    return extension.database(config().getConfig("jdbc-journal"));
  }

  private Config config() {
    return system.settings().config();
  }
}
