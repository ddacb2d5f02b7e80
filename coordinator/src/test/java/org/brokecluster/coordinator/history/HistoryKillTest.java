package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On an H2 file. */
class HistoryKillTest extends HistoryKillContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.file(folder);
  }
}
