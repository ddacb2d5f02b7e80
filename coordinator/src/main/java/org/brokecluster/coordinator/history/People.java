package org.brokecluster.coordinator.history;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.coordinator.history.content.PersonIds;
import org.brokecluster.coordinator.history.event.RoutingEvent;
import org.brokecluster.coordinator.history.event.RoutingEvent.Received;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.PersonTable;
import org.brokecluster.coordinator.history.store.PersonTable.Person;
import org.brokecluster.protocol.router.Wishes;
import org.jspecify.annotations.Nullable;

/**
 * Puts opaque ids into events where people's names and their sessions would be. Which name an id
 * stands for is kept in one table only; once its lines are deleted nobody can tell, because ids are
 * random. A person may come by several ids: whoever is seen again after being forgotten here, or
 * while the database is away, gets another. Thread safe; remembers a bounded number of names.
 */
final class People implements PersonIds {
  private static final int RANDOM_BYTES = 8;

  /** Held while the table is used: who is forgotten must not be on the way to it or from it. */
  private final Object table = new Object();

  private final int max;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> idByName;
  private final Map<String, String> idBySession;
  private final Map<String, Person> pending = new LinkedHashMap<>();

  /**
   * Knows nobody yet.
   *
   * @param max names remembered at most, and sessions
   */
  People(int max) {
    this.max = max;
    this.idByName = bounded(max);
    this.idBySession = bounded(max);
  }

  /** The same event without a name or session in it. */
  RoutingEvent disguise(RoutingEvent event) {
    if (event instanceof RoutingEvent.Learned learned) {
      long at = learned.at().toEpochMilli();
      return new RoutingEvent.Learned(
          learned.at(), learned.figures().renamed(name -> idFor(name, at)), learned.earlier());
    }
    if (!(event instanceof Received received)) {
      return event;
    }
    var wishes = received.facts().wishes();
    if (wishes.user() == null && wishes.session() == null) {
      return event;
    }
    return new Received(
        received.at(), received.request(), received.facts().with(disguised(received, wishes)));
  }

  /** Writes what is not in the table yet; blocks. */
  @Override
  public void store(Database database) throws SQLException {
    synchronized (table) {
      var fresh = takePending();
      try (var connection = database.connect()) {
        PersonTable.insert(connection, fresh);
      } catch (SQLException e) {
        putBack(fresh);
        throw e;
      }
    }
  }

  /** Learns who is in the table, so that a person keeps an id after a restart; blocks. */
  void load(Database database) throws SQLException {
    synchronized (table) {
      try (var connection = database.connect()) {
        var known = PersonTable.latest(connection, max);
        synchronized (this) {
          known.forEach(person -> idByName.putIfAbsent(person.name(), person.id()));
        }
      }
    }
  }

  /**
   * Forgets who this person's ids stand for, and deletes what is kept of this person's texts;
   * blocks.
   */
  PersonTable.Deleted forget(Database database, String name) throws SQLException {
    synchronized (table) {
      synchronized (this) {
        idByName.remove(name);
        pending.values().removeIf(person -> person.name().equals(name));
      }
      try (var connection = database.connect()) {
        return PersonTable.delete(connection, name);
      }
    }
  }

  private synchronized Wishes disguised(Received event, Wishes wishes) {
    var name = wishes.user();
    var session = wishes.session();
    return new Wishes(
        wishes.strategy(),
        wishes.tier(),
        wishes.node(),
        wishes.action(),
        wishes.role(),
        wishes.framework(),
        wishes.depth(),
        wishes.priorScore(),
        session == null ? null : idBySession.computeIfAbsent(session, each -> fresh("s-")),
        name == null ? null : idOf(name, event.at().toEpochMilli()),
        wishes.trafficClass(),
        wishes.fallbacks());
  }

  private synchronized @Nullable String idFor(@Nullable String name, long at) {
    return name == null ? null : idOf(name, at);
  }

  @Override
  public synchronized String idOf(String name, long at) {
    var known = idByName.get(name);
    if (known != null) {
      return known;
    }
    var id = fresh("u-");
    idByName.put(name, id);
    if (pending.size() < max) {
      pending.put(id, new Person(id, name, at));
    }
    return id;
  }

  private String fresh(String prefix) {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return prefix + HexFormat.of().formatHex(bytes);
  }

  private synchronized List<Person> takePending() {
    var fresh = new ArrayList<>(pending.values());
    pending.clear();
    return fresh;
  }

  private synchronized void putBack(List<Person> people) {
    people.forEach(person -> pending.put(person.id(), person));
  }

  private static Map<String, String> bounded(int max) {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
        return size() > max;
      }
    };
  }
}
