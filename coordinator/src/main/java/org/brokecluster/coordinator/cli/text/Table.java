package org.brokecluster.coordinator.cli.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A table with aligned columns for a terminal. A heading that begins with {@code >} makes its
 * column flush right. Not thread safe.
 */
public final class Table {
  private static final String GAP = "  ";
  private static final String NOTHING = "-";
  private static final String INDENT = "    ";

  /** Set by the launcher where it writes to a terminal. */
  private static final String COLUMNS = "broke.columns";

  private static final int WIDE = Integer.MAX_VALUE;

  /** Fewer columns than these are too few to put a text into. */
  private static final int NARROW = 24;

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows. */
  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row with one text for each heading. */
  public Table row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + headings.size());
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The table, or this sentence if it has no rows. */
  public String renderOr(String ifEmpty) {
    return rows.isEmpty() ? ifEmpty + System.lineSeparator() : render();
  }

  /** Leaves out every column of which no row says anything but a dash. */
  public Table withoutSilentColumns() {
    return keeping(column -> !silent(column));
  }

  /** Leaves out this column if no row says anything there but a dash. */
  public Table withoutIfSilent(String heading) {
    return keeping(column -> !headings.get(column).equals(heading) || !silent(column));
  }

  private boolean silent(int column) {
    return rows.stream().allMatch(row -> row.get(column).equals(NOTHING));
  }

  private Table keeping(IntPredicate columns) {
    var kept = IntStream.range(0, headings.size()).filter(columns).toArray();
    var table = new Table(Arrays.stream(kept).mapToObj(headings::get).toArray(String[]::new));
    rows.forEach(row -> table.rows.add(Arrays.stream(kept).mapToObj(row::get).toList()));
    return table;
  }

  /** For the terminal: every line ends with a line break and has no blanks before it. */
  public String render() {
    return render(columns());
  }

  /** How many characters a line has room for. */
  static int columns() {
    return Integer.getInteger(COLUMNS, WIDE);
  }

  /**
   * The same for a terminal of this width: what does not fit of the last column goes on below.
   *
   * @param columns of the terminal
   */
  public String render(int columns) {
    var text = new StringBuilder();
    line(text, headings.stream().map(Table::title).toList(), columns);
    rows.forEach(row -> line(text, row, columns));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells, int columns) {
    var line = new StringBuilder();
    int last = cells.size() - 1;
    for (int column = 0; column < last; column++) {
      var cell = cells.get(column);
      var padding = " ".repeat(width(column) - length(cell));
      boolean right = headings.get(column).startsWith(">");
      line.append(right ? padding + cell : cell + padding).append(GAP);
    }
    if (cells.isEmpty()) {
      return;
    }
    var cell = cells.get(last);
    boolean right = headings.get(last).startsWith(">");
    var padding = right ? " ".repeat(width(last) - length(cell)) : "";
    int room = columns - line.length();
    if (length(cell) <= room || right || cell.isEmpty()) {
      end(text, line + padding + cell);
    } else if (room >= NARROW) {
      var rest = wrapped(cell, room);
      end(text, line + rest.get(0));
      var indent = " ".repeat(line.length());
      rest.subList(1, rest.size()).forEach(more -> end(text, indent + more));
    } else {
      end(text, line.toString());
      wrapped(cell, Math.max(NARROW, columns - INDENT.length()))
          .forEach(more -> end(text, INDENT + more));
    }
  }

  private static void end(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append(System.lineSeparator());
  }

  /** A text in lines no longer than this, unless one of its words is. */
  private static List<String> wrapped(String text, int max) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var word : text.split(" ", -1)) {
      if (!line.isEmpty() && length(line.toString()) + 1 + length(word) > max) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
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
