package org.brokecluster.node.runtime.process;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.brokecluster.shared.file.WholeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of server processes in the data folder. Each process writes its own id into a file
 * before it becomes the server ({@link #pidFile}), so there is no moment at which it runs unknown;
 * start time and children are added as soon as they are known. Thread safe; blocks on the disk.
 */
public final class ProcessRegister {
  static final int CHILDREN_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ProcessRegister.class);
  private static final int RECORDS_MAX = 256;
  private static final int FILE_MAX = 1 << 20;
  private static final String PID = ".pid";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<List<ProcessRecord>> LIST = new TypeReference<>() {};

  private final Path folder;
  private final Path file;
  private final Map<Long, ProcessRecord> records = new LinkedHashMap<>();
  private long pidFiles;

  /** The register in a folder, which is made when it is needed. */
  public ProcessRegister(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("processes.json");
  }

  /**
   * A file for the id of a process that is about to start.
   *
   * @throws IOException if the folder cannot be written
   */
  synchronized Path pidFile() throws IOException {
    Files.createDirectories(folder);
    return folder.resolve(ProcessHandle.current().pid() + "-" + ++pidFiles + PID);
  }

  /**
   * Remembers a process, or what is new about it.
   *
   * @throws IOException if it cannot be written down
   */
  synchronized void put(ProcessRecord record) throws IOException {
    if (records.size() >= RECORDS_MAX && !records.containsKey(record.pid())) {
      throw new IOException("more than " + RECORDS_MAX + " server processes at once");
    }
    records.put(record.pid(), record);
    write();
  }

  /** Forgets a process that is gone, with its file. */
  synchronized void remove(long pid, Path pidFile) {
    try {
      if (records.remove(pid) != null) {
        write();
      }
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      LOG.warn("cannot forget an ended process, the next start will: pid={}", pid, e);
    }
  }

  /** What an earlier life of this node has left behind; empty if nothing or nothing readable. */
  synchronized List<ProcessRecord> left() {
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      if (Files.size(file) > FILE_MAX) {
        throw new IOException("the file is too large");
      }
      var left = MAPPER.readValue(Files.readAllBytes(file), LIST);
      return left == null ? List.of() : List.copyOf(left);
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot read the list of server processes, going on without: file={}", file, e);
      return List.of();
    }
  }

  /** Files of processes whose start was not yet written down when the node ended. */
  synchronized List<Path> pidFilesLeft() {
    var files = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (var found = Files.newDirectoryStream(folder, "*" + PID)) {
        for (var next : found) {
          if (files.size() < RECORDS_MAX) {
            files.add(next);
          }
        }
      } catch (IOException e) {
        LOG.warn("cannot look for processes left behind: folder={}", folder, e);
      }
    }
    return files;
  }

  /** Forgets what earlier lives have left, once it was dealt with. */
  synchronized void clear(List<Path> files) {
    try {
      for (var next : files) {
        Files.deleteIfExists(next);
      }
      if (records.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        write();
      }
    } catch (IOException e) {
      LOG.warn("cannot clear the list of server processes: folder={}", folder, e);
    }
  }

  private void write() throws IOException {
    WholeFile.write(file, MAPPER.writeValueAsBytes(List.copyOf(records.values())));
  }
}
