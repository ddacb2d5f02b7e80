package org.brokecluster.node.runtime.mlx;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** A version of mlx-lm, such as {@code 0.31.3}. */
public record MlxVersion(int major, int minor, int patch) implements Comparable<MlxVersion> {
  /** The first with bounds for the prompt cache and for streams side by side. */
  public static final MlxVersion OLDEST = new MlxVersion(0, 31, 0);

  private static final Pattern FORMAT =
      Pattern.compile("(?<![\\d.])(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?");

  /** The first version named in a text, if there is one. */
  public static Optional<MlxVersion> in(String text) {
    var match = FORMAT.matcher(text);
    if (!match.find()) {
      return Optional.empty();
    }
    var patch = match.group(3);
    return Optional.of(
        new MlxVersion(
            Integer.parseInt(match.group(1)),
            Integer.parseInt(match.group(2)),
            patch == null ? 0 : Integer.parseInt(patch)));
  }

  /** Whether it lacks what we need. */
  public boolean tooOld() {
    return compareTo(OLDEST) < 0;
  }

  @Override
  public int compareTo(MlxVersion other) {
    return Comparator.comparingInt(MlxVersion::major)
        .thenComparingInt(MlxVersion::minor)
        .thenComparingInt(MlxVersion::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
