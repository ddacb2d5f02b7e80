package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On a PostgreSQL server. */
class HistoryFiguresPostgresTest extends HistoryFiguresContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.server(folder);
  }
}
