package org.brokecluster.node.runtime.process;

/** What the shell around a {@link ProcessLife} has to do next. */
enum Order {
  NOTHING,
  /** Start a process on a free port. */
  LAUNCH,
  /** Ask it for its first token. */
  PROVE,
  /** Ask it for a token, to see whether it lives. */
  PROBE,
  /** End it with all its children; report {@link ProcessLife#exited} when they are gone. */
  END
}
