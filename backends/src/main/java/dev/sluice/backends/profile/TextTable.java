package dev.sluice.backends.profile;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A table of text with aligned columns; the first row is its head. */
final class TextTable {

  private static final String GAP = "  ";

  private final Set<Integer> numbers;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param numbers indexes of the columns that are aligned to the right
   */
  TextTable(Set<Integer> numbers) {
    this.numbers = numbers;
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  void print(PrintWriter out) {
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
