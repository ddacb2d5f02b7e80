package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On a PostgreSQL server. */
class HistoryQueriesPostgresTest extends HistoryQueriesContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.server(folder);
  }
}
