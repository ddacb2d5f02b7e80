package org.brokecluster.node.away;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a node takes no work at the moment; it does again when the last reason is gone. Pure. */
public final class Absence {
  private final Set<String> reasons = new LinkedHashSet<>();

  /** There is this reason; false if there was already. */
  public boolean begin(String reason) {
    return reasons.add(reason);
  }

  /** This reason is gone; true if it was the last one. */
  public boolean end(String reason) {
    return reasons.remove(reason) && reasons.isEmpty();
  }

  /** The reason that has been there longest; null if it takes work. */
  public @Nullable String why() {
    return reasons.isEmpty() ? null : reasons.iterator().next();
  }

  /** Whether there is this reason. */
  public boolean isFor(String reason) {
    return reasons.contains(reason);
  }
}
