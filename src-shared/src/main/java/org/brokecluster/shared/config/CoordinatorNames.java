package org.brokecluster.shared.config;

import com.typesafe.config.Config;
import java.util.HashSet;

/** The rule about how many coordinators a cluster may have: one or three. Pure. */
final class CoordinatorNames {
  static final String KEY = "broke.cluster.coordinators";

  private CoordinatorNames() {}

  /** Adds a problem if the number of names cannot work. Nothing named means the founder alone. */
  static void check(Config config, ConfigProblems problems) {
    if (!config.hasPath(KEY)) {
      return;
    }
    problems.reading(
        config,
        reader -> {
          var names = reader.texts(KEY);
          if (new HashSet<>(names).size() != names.size()) {
            reader.problem(KEY, "the names must differ, is " + names);
          } else if (names.size() == 2) {
            reader.problem(
                KEY,
                "must name 1 or 3 coordinators, names 2: of two, the loss of either leaves no"
                    + " majority and ends service, so a second one only adds a risk");
          } else if (names.size() > 3) {
            reader.problem(
                KEY,
                "must name 1 or 3 coordinators, names "
                    + names.size()
                    + ": three already outlive the loss of one, more only slow them down");
          }
        });
  }
}
