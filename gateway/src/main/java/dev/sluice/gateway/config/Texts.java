package dev.sluice.gateway.config;

import java.util.Collection;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The words of error messages. */
final class Texts {

  private static final int MOST_SHOWN = 40;

  private Texts() {}

  /** {@code path} and a colon, or nothing for the file itself. */
  static String at(String path) {
    return path.isEmpty() ? "" : path + ": ";
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** What stands there, short enough for a line. */
  static String found(Node node) {
    return switch (node) {
      case ScalarNode scalar when scalar.getValue().isEmpty() -> "nothing";
      case ScalarNode scalar -> "'" + shorten(scalar.getValue()) + "'";
      case SequenceNode _ -> "a list";
      case MappingNode _ -> "an object";
      default -> "something else";
    };
  }

  private static String shorten(String value) {
    String line = value.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "…";
  }

  /**
   * A hint at the nearest of {@code known}, if one is near enough to be meant; else all of them
   * when they are few.
   */
  static String suggestion(String word, Collection<String> known) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    if (least <= Math.max(2, nearest.length() / 3)) {
      return " (did you mean '" + nearest + "'?)";
    }
    return known.size() <= 20 ? " (expected: one of " + String.join(", ", known) + ")" : "";
  }

  /**
   * Levenshtein's distance: insertions, deletions and replacements that make one word the other.
   */
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
