package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On a PostgreSQL server. */
class ContentPostgresTest extends ContentContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.server(folder);
  }
}
