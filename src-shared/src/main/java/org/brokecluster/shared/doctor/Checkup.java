package org.brokecluster.shared.doctor;

import java.util.List;

/**
 * The checks of one module. Found by {@link java.util.ServiceLoader}, so each needs a public
 * constructor without arguments.
 */
public interface Checkup {
  /** Checkups are shown in this order, the smallest first. */
  int order();

  /** Looks at everything and says what it found; blocks for some seconds at most. */
  List<Finding> findings(Patient patient);
}
