package dev.sluice.gateway.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A single value.
 *
 * @param parser of the text as written
 * @param expected what a person should write
 * @param schema the same for editors
 */
record ScalarShape<T>(Parser<T> parser, String expected, Map<String, Object> schema)
    implements Shape<T> {

  /** Reads a value; null when the text is none. */
  @FunctionalInterface
  interface Parser<T> {
    @Nullable T parse(String text);
  }

  @Override
  public @Nullable T read(Node node, String path, Reading reading) {
    T value = node instanceof ScalarNode scalar ? parse(scalar.getValue()) : null;
    if (value == null) {
      reading.problem(node, Texts.at(path) + Texts.found(node) + " (expected: " + expected + ")");
    }
    return value;
  }

  private @Nullable T parse(String text) {
    try {
      return parser.parse(text);
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }
}
