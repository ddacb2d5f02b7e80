package org.brokecluster.coordinator.history;

import java.nio.file.Path;

/** On an H2 file. */
class ContentTest extends ContentContract {
  @Override
  HistoryPlace place(Path folder) {
    return HistoryPlace.file(folder);
  }
}
