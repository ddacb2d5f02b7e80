package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On a PostgreSQL server. */
class RoutingHistoryPostgresTest extends RoutingHistoryContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.server(folder);
  }
}
