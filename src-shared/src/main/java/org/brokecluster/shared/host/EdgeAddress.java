package org.brokecluster.shared.host;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where the edge of a running host can be reached: the file {@code edge.json} in its data folder,
 * by which the reading verbs find it. Written once the port is bound, removed at a clean stop.
 *
 * @param url base address, such as {@code http://127.0.0.1:8000}
 * @param pid process that wrote it; a dead one makes the file worthless
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EdgeAddress(String url, long pid) {
  private static final String FILE = "edge.json";

  /** Writes the file in one step, so that nobody reads half of it. */
  public void writeTo(Path dataDir) throws IOException {
    var draft = dataDir.resolve(FILE + "." + pid + ".tmp");
    Files.write(draft, new ObjectMapper().writeValueAsBytes(this));
    Files.move(draft, dataDir.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
  }

  /** What the file says, or nothing if there is no readable one. */
  public static Optional<EdgeAddress> readFrom(Path dataDir) throws IOException {
    var file = dataDir.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectMapper().readValue(file.toFile(), EdgeAddress.class));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Removes the file; harmless if there is none. */
  public static void removeFrom(Path dataDir) throws IOException {
    Files.deleteIfExists(dataDir.resolve(FILE));
  }

  /** Whether the process that wrote this is running on this machine. */
  public boolean alive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
