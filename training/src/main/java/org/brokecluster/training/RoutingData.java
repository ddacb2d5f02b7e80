package org.brokecluster.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads the folder of training data: {@code train/} and {@code test/} with gzipped JSON lines. */
final class RoutingData {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Parts of all questions, for crossing. */
  static final int FOLDS = 5;

  private static final int PROOF_EVERY = 40;
  private static final String ENDING = ".jsonl.gz";

  private RoutingData() {}

  /**
   * Every row, in the order of the files' names.
   *
   * @throws IOException if a file cannot be read; it names the file
   */
  static List<RoutingRow> read(Path folder) throws IOException {
    var rows = new ArrayList<RoutingRow>();
    for (var part : List.of("train", "test")) {
      try (var files = Files.list(folder.resolve(part))) {
        for (var file : files.sorted().toList()) {
          if (file.getFileName().toString().endsWith(ENDING)) {
            read(file, part.equals("train"), rows);
          }
        }
      }
    }
    return rows;
  }

  private static void read(Path file, boolean train, List<RoutingRow> rows) throws IOException {
    var name = file.getFileName().toString();
    var dataset = name.substring(0, name.length() - ENDING.length());
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.add(row(dataset, train, JSON.readTree(line)));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static RoutingRow row(String dataset, boolean train, JsonNode line) {
    var tokens = figures(line.path("out_tokens"));
    addTokens(tokens, "mixtral-8x7b", line.path("weak_out_tokens"));
    addTokens(tokens, "gpt-4", line.path("strong_out_tokens"));
    var key = line.path("key").asText();
    return new RoutingRow(
        dataset,
        group(line),
        train,
        Integer.parseInt(key.substring(8, 12), 16) % FOLDS,
        line.path("prompt").asText(),
        figures(line.path("scores")),
        tokens,
        measured(line.path("weak")),
        measured(line.path("strong")),
        line.path("contaminated").asInt() == 1,
        line.hasNonNull("overlaps_test"),
        line.path("steps").asInt(),
        Integer.parseInt(key.substring(12, 16), 16) % PROOF_EVERY == 0);
  }

  private static void addTokens(Map<String, Double> tokens, String model, JsonNode count) {
    if (count.isNumber()) {
      tokens.put(model, count.asDouble());
    }
  }

  private static String group(JsonNode line) {
    for (var field : List.of("task", "category", "domain")) {
      if (line.hasNonNull(field)) {
        return line.path(field).asText();
      }
    }
    return "";
  }

  /** A number, or the mean of several: the turns of a conversation. */
  private static double measured(JsonNode value) {
    if (value.isArray()) {
      double sum = 0;
      for (var each : value) {
        sum += each.asDouble();
      }
      return value.isEmpty() ? Double.NaN : sum / value.size();
    }
    return value.isNumber() ? value.asDouble() : Double.NaN;
  }

  private static Map<String, Double> figures(JsonNode object) {
    var figures = new HashMap<String, Double>();
    object
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isNumber()) {
                figures.put(each.getKey(), each.getValue().asDouble());
              }
            });
    return figures;
  }
}
