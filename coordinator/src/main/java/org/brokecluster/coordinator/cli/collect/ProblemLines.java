package org.brokecluster.coordinator.cli.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.brokecluster.coordinator.cli.text.InputText;
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
  private static final int DOCUMENT_MAX = 64 << 20;
  private static final int PART = 8192;

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
      if (!file.toString().endsWith(".json") && !file.toString().endsWith(".json.gz")) {
        lines(in);
        return;
      }
      var document = Json.parse(document(file, in));
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
      throw InputText.unreadable(file.toString(), e);
    }
  }

  private static String document(Path file, Reader in) throws IOException {
    var text = new StringBuilder();
    var part = new char[PART];
    for (int read = in.read(part); read >= 0; read = in.read(part)) {
      text.append(part, 0, read);
      if (text.length() > DOCUMENT_MAX) {
        throw VerbException.failed(file + " is longer than 64 MiB: write a line for each problem");
      }
    }
    return text.toString();
  }

  private void lines(Reader in) throws IOException {
    var line = new StringBuilder();
    int number = 1;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        line(number++, line);
        line.setLength(0);
      } else if (line.length() <= LINE_MAX) {
        line.append((char) next);
      }
    }
    line(number, line);
  }

  private void line(int number, StringBuilder line) {
    if (line.length() > LINE_MAX) {
      bad.accept(number, "is longer than 8 MiB");
    } else if (!line.toString().isBlank()) {
      line(number, line.toString());
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
