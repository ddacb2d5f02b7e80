package org.brokecluster.coordinator.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.brokecluster.shared.Main;
import org.brokecluster.shared.config.ClusterConf;

/**
 * How to start one more JVM like this one, with the flags of a host. The launcher says which in
 * system properties; without it there are sensible ones.
 */
final class HostJvm {
  private static final String FLAGS = "broke.host-flags";
  private static final String ARCHIVE = "broke.class-archive";
  private static final List<String> COMMON =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-Dfile.encoding=UTF-8");

  private HostJvm() {}

  /** The whole command for a verb with its options. */
  static List<String> command(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(COMMON);
    command.addAll(
        List.of(
            System.getProperty(FLAGS, "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .split(" ", -1)));
    property(ARCHIVE)
        .ifPresent(
            archive ->
                command.addAll(List.of("-Xlog:cds=off", "-XX:SharedArchiveFile=" + archive)));
    property(ClusterConf.HOME_PROPERTY)
        .ifPresent(home -> command.add("-D" + ClusterConf.HOME_PROPERTY + "=" + home));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank());
  }
}
