package org.brokecluster.shared.cli;

import java.util.List;

/** The verbs a module adds to the command line. Found by {@link java.util.ServiceLoader}. */
public interface Verbs {
  /** The verbs, in the order in which help lists them within their group. */
  List<Verb> verbs();
}
