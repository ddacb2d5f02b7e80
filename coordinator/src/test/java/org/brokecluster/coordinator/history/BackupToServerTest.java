package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** From a file to a PostgreSQL server. */
class BackupToServerTest extends BackupContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.file(folder);
  }

  @Override
  HistoryPlace target(Path folder) {
    return HistoryPlace.server(folder);
  }
}
