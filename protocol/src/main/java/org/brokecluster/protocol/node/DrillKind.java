package org.brokecluster.protocol.node;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a node can be told to play in a drill. Each ends by itself. */
public enum DrillKind {
  /** It falls silent at once and forgets its answers, as if its process had been killed. */
  KILL,
  /** It stands still, as if a lid had been closed; afterwards it goes on where it stopped. */
  PAUSE,
  /** It makes tokens many times more slowly, as if it were hot or busy with something else. */
  SLOW,
  /** Nothing gets in or out, though it works on; afterwards what it had to say arrives late. */
  PARTITION;

  /** Lower-case name. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of this name. */
  public static Optional<DrillKind> parse(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }

  @JsonCreator
  static DrillKind of(String label) {
    return parse(label).orElseThrow(() -> new IllegalArgumentException("no such drill: " + label));
  }
}
