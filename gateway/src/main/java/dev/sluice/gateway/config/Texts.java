package dev.sluice.gateway.config;

import java.util.Collection;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The words of error messages. */
final class Texts {

  private static final int MOST_SHOWN = 40;

  /** A list of known words that is longer says nothing to a person. */
  private static final int MOST_LISTED = 20;

  private Texts() {}

  /** What stands there, short enough for a line. */
  static String found(Node node) {
    return switch (node) {
      case ScalarNode scalar when scalar.getValue().isEmpty() -> "nothing" + tag(node);
      case ScalarNode scalar -> "'" + shorten(scalar.getValue()) + "'" + tag(node);
      case SequenceNode _ -> "a list" + tag(node);
      case MappingNode _ -> "an object" + tag(node);
      default -> "something else";
    };
  }

  /** A tag that was written: no value of the file has one of its own. */
  private static String tag(Node node) {
    String tag = node.getTag().getValue();
    return tag.startsWith(Tag.PREFIX) ? "" : " with the tag '" + shorten(tag) + "'";
  }

  /** The value in one line: control characters would let a file write to a terminal. */
  static String shorten(String value) {
    StringBuilder line = new StringBuilder();
    int shown = Math.min(value.length(), MOST_SHOWN);
    for (int i = 0; i < shown; i++) {
      char c = value.charAt(i);
      line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return value.length() > shown ? line.append('…').toString() : line.toString();
  }

  static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** A hint at the nearest of {@code known}, if it may be meant; else all of them when few. */
  static String suggestion(String word, Collection<String> known) {
    Optional<String> nearest = nearest(word, known);
    if (nearest.isPresent()) {
      return " (did you mean '" + nearest.get() + "'?)";
    }
    if (known.isEmpty()) {
      return " (there are none)";
    }
    return known.size() <= MOST_LISTED
        ? " (expected: one of " + String.join(", ", known) + ")"
        : "";
  }

  /** The one of {@code known} that differs least, if it is near enough to be meant. */
  static Optional<String> nearest(String word, Collection<String> known) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      // the difference in length is the least distance: it spares most of the work
      if (Math.abs(candidate.length() - word.length()) < Math.min(least, candidate.length())) {
        int distance = distance(word, candidate);
        if (distance < least) {
          least = distance;
          nearest = candidate;
        }
      }
    }
    int allowed = Math.min(Math.max(2, nearest.length() / 3), nearest.length() - 1);
    return least <= allowed ? Optional.of(nearest) : Optional.empty();
  }

  /**
   * Levenshtein's distance: insertions, deletions and replacements that make one word the other.
   */
  private static int distance(String one, String other) {
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
