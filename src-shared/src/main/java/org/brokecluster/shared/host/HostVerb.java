package org.brokecluster.shared.host;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The verbs that turn this JVM into a host. */
public enum HostVerb {
  /** A Mac with everything: the founder, or with {@code --join} one more Mac. */
  UP,
  /** A Mac that joins others and runs models. */
  NODE,
  /** A machine without models that routes and keeps the history. */
  COORDINATOR;

  /** What the user types. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The cluster roles of a host.
   *
   * @param name the host's node name
   * @param coordinators the configured coordinators: none, one or three names
   * @param joins whether the host joins others instead of founding
   */
  public Set<String> roles(String name, List<String> coordinators, boolean joins) {
    var coordinates = coordinators.isEmpty() ? !joins : coordinators.contains(name);
    return switch (this) {
      case UP ->
          coordinates
              ? Set.of(HostSettings.EDGE, HostSettings.NODE, HostSettings.COORDINATOR)
              : Set.of(HostSettings.EDGE, HostSettings.NODE);
      case NODE -> Set.of(HostSettings.EDGE, HostSettings.NODE);
      case COORDINATOR -> Set.of(HostSettings.EDGE, HostSettings.COORDINATOR);
    };
  }
}
