package org.brokecluster.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is. */
public final class Version {
  private static final String RESOURCE =
      "/META-INF/maven/org.brokecluster/broke-shared/pom.properties";

  private Version() {}

  /** Version of the jar this class came from, or {@code dev} outside a jar. */
  public static String current() {
    try (var properties = Version.class.getResourceAsStream(RESOURCE)) {
      if (properties == null) {
        return "dev";
      }
      var read = new Properties();
      read.load(properties);
      return read.getProperty("version", "dev");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}
