package org.brokecluster.coordinator.cli.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.brokecluster.coordinator.cli.text.Json;
import org.brokecluster.coordinator.collect.ProblemReader;
import org.brokecluster.coordinator.collect.ProblemReader.ProblemException;
import org.brokecluster.coordinator.collect.TextSource;
import org.brokecluster.shared.cli.VerbException;

/**
 * Reads problems from a file: a line of JSON each, or one object or list over many lines, as
 * MultiPL-E writes its runs; also packed by gzip. Blocks.
 */
final class ProblemLines {
  private static final int LINE_MAX = 8 << 20;

  private final ProblemReader reader = new ProblemReader();
  private final TextSource source;
  private final BiConsumer<Integer, JsonNode> good;
  private final BiConsumer<Integer, String> bad;

  /**
   * A reader.
   *
   * @param source where problems came from that do not say so
   * @param good told the line number and the problem
   * @param bad told the line number and what is wrong
   */
  ProblemLines(
      TextSource source, BiConsumer<Integer, JsonNode> good, BiConsumer<Integer, String> bad) {
    this.source = source;
    this.good = good;
    this.bad = bad;
  }

  void read(Path file) {
    try (var in = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      if (!file.toString().replace(".gz", "").endsWith(".json")) {
        lines(in);
        return;
      }
      var document = Json.parse(in.lines().reduce("", (all, line) -> all + line + "\n"));
      if (document.isArray()) {
        for (int i = 0; i < document.size(); i++) {
          check(i + 1, document.get(i));
        }
      } else {
        check(1, document);
      }
    } catch (JsonProcessingException e) {
      throw VerbException.failed(file + " is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw VerbException.failed("cannot read " + file + ": " + e);
    }
  }

  private void lines(BufferedReader in) throws IOException {
    int number = 0;
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (line.length() > LINE_MAX) {
        bad.accept(number, "is longer than 8 MiB");
      } else if (!line.isBlank()) {
        line(number, line);
      }
    }
  }

  private void line(int number, String line) {
    try {
      check(number, Json.parse(line));
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      bad.accept(number, "is no JSON" + (at == null ? "" : ", at column " + at.getColumnNr()));
    }
  }

  private void check(int number, JsonNode problem) {
    try {
      reader.read(problem, source);
      good.accept(number, problem);
    } catch (ProblemException e) {
      bad.accept(number, String.valueOf(e.getMessage()));
    }
  }

  private static InputStream open(Path file) throws IOException {
    var in = new BufferedInputStream(Files.newInputStream(file));
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
  }
}
