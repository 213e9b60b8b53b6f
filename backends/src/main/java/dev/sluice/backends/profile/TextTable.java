package dev.sluice.backends.profile;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A table of text for a terminal: columns as wide as needed, numbers to the right. */
public final class TextTable {

  private static final String GAP = "  ";

  private final Set<Integer> numbers;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table with no row but its head.
   *
   * @param numbers indexes of the columns that are aligned to the right
   * @param head names of the columns
   */
  public TextTable(Set<Integer> numbers, String... head) {
    this.numbers = Set.copyOf(numbers);
    rows.add(List.of(head));
  }

  /** Adds a row, which has a cell for each column. */
  public void row(String... cells) {
    int columns = rows.getFirst().size();
    if (cells.length != columns) {
      throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + columns + ")");
    }
    rows.add(List.of(cells));
  }

  /** Writes the table to {@code out}. */
  public void print(PrintWriter out) {
    int[] widths = widths();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String padding = " ".repeat(widths[column] - row.get(column).length());
        String cell = row.get(column);
        line.append(numbers.contains(column) ? padding + cell : cell + padding).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private int[] widths() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }
}
