package org.brokecluster.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.Properties;
import org.brokecluster.coordinator.history.store.Database;
import org.brokecluster.coordinator.history.store.PersonTable;
import org.brokecluster.coordinator.history.store.PlainDatabase;
import org.brokecluster.coordinator.history.store.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeopleTest {
  private final Database database =
      new PlainDatabase(
          "jdbc:h2:mem:people;DB_CLOSE_DELAY=-1", new Properties(), "the memory", null);
  private final People people = new People(10);

  @Test
  void whoIsForgottenWhileBeingWrittenIsForgotten() throws Exception {
    try (var connection = database.connect()) {
      Schema.upgrade(connection);
    }
    people.idOf("ada", 1);
    var forgetting = new Thread(this::forget);

    people.store(
        whenConnecting(
            () -> {
              forgetting.start();
              while (forgetting.isAlive() && forgetting.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
              }
            }));
    forgetting.join();

    try (var connection = database.connect()) {
      assertThat(PersonTable.latest(connection, 10)).isEmpty();
    }
  }

  private void forget() {
    try {
      people.forget(database, "ada");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Database whenConnecting(Runnable before) {
    return (Database)
        Proxy.newProxyInstance(
            Database.class.getClassLoader(),
            new Class<?>[] {Database.class},
            (proxy, method, arguments) -> {
              before.run();
              return method.invoke(database, arguments);
            });
  }
}
