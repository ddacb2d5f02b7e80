package org.brokecluster.coordinator.collect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.brokecluster.protocol.router.TrafficClass;
import org.brokecluster.protocol.router.Wishes;

/** Where a text came from. */
public enum TextSource {
  /** The cluster's own page. */
  PAGE,
  /** Any client of the API. */
  API,
  /** A client that says that it is an agent: by role, framework, depth or class. */
  AGENT,
  /** A benchmark run. */
  BENCH,
  /** Somebody wrote it down. */
  HAND;

  /** What our own measuring calls itself as a framework; its prompts mean nothing. */
  public static final String OWN_LOAD = "broke-load";

  /** As it is stored and written. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By its label. */
  public static Optional<TextSource> parse(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }

  /** Of a call, by what its client says of itself. */
  public static TextSource of(Wishes wishes) {
    var framework = wishes.framework();
    if ("page".equals(framework)) {
      return PAGE;
    }
    if ("bench".equals(framework)) {
      return BENCH;
    }
    boolean agent =
        framework != null
            || wishes.role() != null
            || wishes.depth() != null
            || wishes.trafficClass() == TrafficClass.AGENT;
    return agent ? AGENT : API;
  }
}
