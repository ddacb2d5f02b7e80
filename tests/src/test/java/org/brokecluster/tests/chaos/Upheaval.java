package org.brokecluster.tests.chaos;

import java.util.Locale;

/** What may happen to a cluster. */
enum Upheaval {
  /** A host is killed with -9 and started again. */
  KILL,
  /** The coordinator that routes is killed with -9 and started again. */
  KILL_ROUTER,
  /** A process stands still for some seconds. */
  PAUSE,
  /** A host's cable is pulled for some seconds. */
  CUT,
  /** The runtimes break under the next requests. */
  RUNTIME,
  /** The database of the coordinator that routes is gone, at once. */
  DATABASE;

  /** Its name in a sentence. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
