package org.brokecluster.tests.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The class path of the product's processes in tests, and an archive of its classes, which halves
 * the processor time of a start, as the launcher's does. It is made once for each build and shared
 * by the test JVMs; where it cannot be made, processes start without it.
 *
 * @param path class path: first the jars, which an archive can hold, then the folders
 * @param flags what lets a JVM use the archive; empty without one
 */
record ClassArchive(String path, List<String> flags) {
  private static final Path FOLDER = Path.of("target", "cds").toAbsolutePath();

  /** The one of this test run. */
  static final ClassArchive CURRENT = find();

  private static ClassArchive find() {
    var entries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    var jars = entries.stream().filter(Files::isRegularFile).toList();
    boolean packaged =
        jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith("broke-coordinator"));
    if (!packaged) {
      return new ClassArchive(joined(entries), List.of());
    }
    var path = new ArrayList<>(jars);
    entries.stream().filter(Files::isDirectory).forEach(path::add);
    return new ClassArchive(joined(path), flags(jars));
  }

  private static List<String> flags(List<Path> jars) {
    try {
      var archive = FOLDER.resolve(Integer.toHexString(stamp(jars).hashCode()) + ".jsa");
      Files.createDirectories(FOLDER);
      try (var lock =
          FileChannel.open(
              FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.exists(archive)) {
          make(archive, jars);
        }
      }
      return Files.size(archive) == 0
          ? List.of()
          : List.of("-Xlog:cds=off", "-XX:SharedArchiveFile=" + archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the archive, or an empty file if that fails. */
  private static void make(Path archive, List<Path> jars) throws IOException {
    var making = FOLDER.resolve("making.jsa");
    var data = Files.createTempDirectory(FOLDER, "warm-up");
    var command = new ArrayList<>(BrokeProcess.JVM);
    command.add("-XX:ArchiveClassesAtExit=" + making);
    command.addAll(List.of("-cp", joined(jars), BrokeProcess.MAIN, "warm-up"));
    command.addAll(List.of("--data-dir", data.toString()));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("warm-up.log").toFile())
            .start();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        Files.write(making, new byte[0]);
      }
      Files.move(making, archive, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the class archive was made", e);
    }
  }

  /** An archive fits one build of the JDK and one set of jars. */
  private static String stamp(List<Path> jars) throws IOException {
    var stamp = new StringBuilder(System.getProperty("java.vm.version"));
    for (var jar : jars) {
      stamp.append(jar).append(Files.getLastModifiedTime(jar)).append(Files.size(jar));
    }
    return stamp.toString();
  }

  private static String joined(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
