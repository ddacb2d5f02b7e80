package org.brokecluster.node.runtime.testserver;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes the little shell script that stands for {@code mlx_lm.server}. */
public final class FakeMlxScript {
  private FakeMlxScript() {}

  /** A script in the folder that becomes a {@link FakeMlxMain}; notes go to the same folder. */
  public static Path write(Path folder) throws IOException {
    var script = folder.resolve("mlx_lm.server");
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(
        script,
        """
        #!/bin/sh
        FAKE_MLX_NOTES='%s'
        export FAKE_MLX_NOTES
        exec '%s' -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp '%s' %s '%s' "$@"
        """
            .formatted(folder, java, classes(), FakeMlxMain.class.getName(), quirksFile(folder)));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /** What the scripts' servers do wrong. */
  public static Quirks quirks(Path folder) {
    return new Quirks(quirksFile(folder));
  }

  /** The test classes alone: a short class path makes a quick start. */
  private static Path classes() throws IOException {
    try {
      var place = FakeMlxMain.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(place.toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static Path quirksFile(Path folder) {
    return folder.resolve("quirks");
  }
}
