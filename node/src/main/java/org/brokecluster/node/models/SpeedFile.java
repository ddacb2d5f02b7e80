package org.brokecluster.node.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.brokecluster.protocol.model.Baseline;
import org.brokecluster.protocol.model.MachineKind;
import org.brokecluster.shared.file.WholeFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measured speeds in the data folder. A file is replaced in one step, so that a crash leaves the
 * old one or the new one. One that cannot be read, or that another kind of machine has written, is
 * set aside and not believed. Blocks; used by one thread at a time.
 */
final class SpeedFile {
  private static final Logger LOG = LoggerFactory.getLogger(SpeedFile.class);
  private static final int VERSION = 1;
  private static final long BYTES_MAX = 4L << 20;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final ObjectReader READER = MAPPER.readerFor(Content.class);
  private static final ObjectWriter WRITER = MAPPER.writerWithDefaultPrettyPrinter();

  /** What the file holds. */
  private record Content(int version, @Nullable MachineKind machine, List<Baseline> speeds) {}

  private final Path file;
  private final MachineKind machine;

  SpeedFile(Path file, MachineKind machine) {
    this.file = file;
    this.machine = machine;
  }

  /** What was measured on this kind of machine; empty if nothing was, or it cannot be read. */
  List<Baseline> read() {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException("larger than " + BYTES_MAX + " bytes");
      }
      Content content = READER.readValue(Files.readAllBytes(file));
      if (content.version() != VERSION || content.speeds() == null) {
        throw new IOException("not a file of version " + VERSION);
      }
      if (!machine.equals(content.machine())) {
        LOG.info("speeds were measured on another machine, set aside: file={}", file);
        setAside();
        return List.of();
      }
      return List.copyOf(content.speeds());
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot read the measured speeds, starting anew: file={} reason={}", file, e, e);
      setAside();
      return List.of();
    }
  }

  private void setAside() {
    try {
      var aside = file.resolveSibling(file.getFileName() + ".old");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("cannot set the file aside: file={} reason={}", file, e.toString());
    }
  }

  /**
   * Replaces the file.
   *
   * @throws IOException if the folder cannot be written; the file is then as it was
   */
  void write(List<Baseline> speeds) throws IOException {
    WholeFile.write(file, WRITER.writeValueAsBytes(new Content(VERSION, machine, speeds)));
  }
}
