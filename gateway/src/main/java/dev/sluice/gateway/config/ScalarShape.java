package dev.sluice.gateway.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A single value.
 *
 * @param tags what YAML may take the value for; quotes make every value a text
 * @param parser of the text as written
 * @param expected what a person should write
 * @param schema the same for editors
 */
record ScalarShape<T>(List<Tag> tags, Parser<T> parser, String expected, Map<String, Object> schema)
    implements Scalar<T> {

  /** Reads a value; null when the text is none. */
  @FunctionalInterface
  interface Parser<T> {
    @Nullable T parse(String text);
  }

  @Override
  public @Nullable T read(Node node, String path, Reading reading) {
    T value =
        node instanceof ScalarNode scalar && tags.contains(scalar.getTag())
            ? parse(scalar.getValue())
            : null;
    if (value == null) {
      reading.problem(node, path, Texts.found(node) + quotes(node) + expectation());
    }
    return value;
  }

  private String quotes(Node node) {
    boolean quoted = node instanceof ScalarNode scalar && !scalar.isPlain();
    return quoted && !tags.contains(Tag.STR) ? " in quotes" : "";
  }

  private String expectation() {
    return " (expected: " + expected + ")";
  }

  @Override
  public @Nullable T parse(String text) {
    try {
      return parser.parse(text);
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }
}
