package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.List;

/** The columns of a CSV file, found by the names in its header. */
final class CsvColumns {
  private final List<String> names;
  private final List<String> fields = new ArrayList<>();

  private CsvColumns(List<String> names) {
    this.names = List.copyOf(names);
  }

  /** The columns that a header names. */
  static CsvColumns of(String header) {
    List<String> names = new ArrayList<>();
    split(header.strip(), names);
    return new CsvColumns(names);
  }

  /** Whether all of these are there. */
  boolean include(List<String> wanted) {
    return names.containsAll(wanted);
  }

  boolean has(String name) {
    return names.contains(name);
  }

  /** Splits a line; {@link #field} then gives its parts. */
  void take(String line) throws Malformed {
    fields.clear();
    split(line, fields);
    if (fields.size() != names.size()) {
      throw new Malformed(fields.size() + " fields (expected: " + names.size() + ")");
    }
  }

  /** A field of the line, without blanks around it; empty when there is no such column. */
  String field(String name) {
    int column = names.indexOf(name);
    return column < 0 ? "" : fields.get(column);
  }

  /** A field that holds a whole number. */
  long wholeNumber(String name) throws Malformed {
    try {
      return Long.parseLong(field(name));
    } catch (NumberFormatException _) {
      throw new Malformed(name + ": " + field(name) + " (expected: a whole number)");
    }
  }

  private static void split(String line, List<String> into) {
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= line.length(); i++) {
      if (i == line.length() || (line.charAt(i) == ',' && !quoted)) {
        into.add(unquoted(line.substring(start, i).strip()));
        start = i + 1;
      } else if (line.charAt(i) == '"') {
        quoted = !quoted;
      }
    }
  }

  private static String unquoted(String field) {
    boolean quoted = field.length() >= 2 && field.startsWith("\"") && field.endsWith("\"");
    return quoted ? field.substring(1, field.length() - 1).replace("\"\"", "\"") : field;
  }
}
