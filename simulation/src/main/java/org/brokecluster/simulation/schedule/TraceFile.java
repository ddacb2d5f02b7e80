package org.brokecluster.simulation.schedule;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A recorded load: a table of comma-separated values with the columns {@code arrival_s}, {@code
 * input_tokens} and {@code output_tokens} in any order, by time; also packed by gzip.
 */
final class TraceFile {
  private static final int ROWS_MAX = 5_000_000;

  private TraceFile() {}

  /**
   * Reads a trace and closes it.
   *
   * @param file its name, for messages; that of the load follows from it
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is not such a table
   */
  static TraceLoad read(String file, InputStream in, Guess guess) throws IOException {
    try (in;
        var plain = file.endsWith(".gz") ? new GZIPInputStream(in) : in;
        var lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return new TraceLoad(name(file), rows(file, lines), guess, TraceLoad.TEAM);
    }
  }

  private static String name(String file) {
    var name = file.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static List<TraceLoad.Row> rows(String file, BufferedReader lines) throws IOException {
    var header = lines.readLine();
    var columns = header == null ? List.<String>of() : List.of(header.strip().split(",", -1));
    int at = column(file, columns, "arrival_s");
    int in = column(file, columns, "input_tokens");
    int out = column(file, columns, "output_tokens");
    var rows = new ArrayList<TraceLoad.Row>();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isBlank()) {
        continue;
      }
      rows.add(row(file, line.strip().split(",", -1), at, in, out, rows.size()));
      if (rows.size() > ROWS_MAX) {
        throw new IllegalArgumentException(file + " has more than " + ROWS_MAX + " rows");
      }
    }
    if (rows.size() < 2) {
      throw new IllegalArgumentException(file + " has no requests");
    }
    return rows;
  }

  private static int column(String file, List<String> columns, String name) {
    int at = columns.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(file + " has no column " + name);
    }
    return at;
  }

  private static TraceLoad.Row row(
      String file, String[] cells, int at, int in, int out, int number) {
    try {
      return new TraceLoad.Row(
          Double.parseDouble(cells[at]),
          Math.max(1, Integer.parseInt(cells[in])),
          Math.max(1, Integer.parseInt(cells[out])));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "%s: line %d is not three numbers".formatted(file, number + 2), e);
    }
  }
}
