package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** From a PostgreSQL server to a file. */
class BackupToFileTest extends BackupContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.server(folder);
  }

  @Override
  HistoryPlace target(Path folder) {
    return HistoryPlace.file(folder);
  }
}
