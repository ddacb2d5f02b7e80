package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On a PostgreSQL server. */
class HistoryKillPostgresTest extends HistoryKillContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.server(folder);
  }
}
