package org.brokecluster.coordinator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table with aligned columns for a terminal. A heading that begins with {@code >} makes its
 * column flush right. Pure, not thread safe.
 */
final class Table {
  private static final String GAP = "  ";

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row with one text for each heading. */
  Table row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + headings.size());
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The table, or this sentence if it has no rows. */
  String renderOr(String ifEmpty) {
    return rows.isEmpty() ? ifEmpty + System.lineSeparator() : render();
  }

  /** Every line ends with a line break and has no blanks before it. */
  String render() {
    var text = new StringBuilder();
    line(text, headings.stream().map(Table::title).toList());
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells) {
    var line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      var cell = cells.get(column);
      var padding = " ".repeat(width(column) - length(cell));
      boolean right = headings.get(column).startsWith(">");
      line.append(column == 0 ? "" : GAP).append(right ? padding + cell : cell + padding);
    }
    text.append(line.toString().stripTrailing()).append(System.lineSeparator());
  }

  private int width(int column) {
    int widest = length(title(headings.get(column)));
    for (var row : rows) {
      widest = Math.max(widest, length(row.get(column)));
    }
    return widest;
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String title(String heading) {
    var plain = heading.startsWith(">") ? heading.substring(1) : heading;
    return plain.toUpperCase(Locale.ROOT);
  }
}
