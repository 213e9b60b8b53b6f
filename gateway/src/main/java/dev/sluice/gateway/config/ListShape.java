package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A list of at least {@code least} items of one shape. */
record ListShape<T>(Shape<T> items, int least) implements Shape<List<T>> {

  /** No list of the file is longer: beyond it a mistake is likelier than a fleet. */
  private static final int MOST = 10_000;

  @Override
  public @Nullable List<T> read(Node node, String path, Reading reading) {
    if (!(node instanceof SequenceNode sequence)) {
      reading.problem(node, Texts.at(path) + Texts.found(node) + " (expected: a list)");
      return null;
    }
    int size = sequence.getValue().size();
    if (size < least || size > MOST) {
      reading.problem(
          node, "%s%d items (expected: %d..%d)".formatted(Texts.at(path), size, least, MOST));
      return null;
    }
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      T value = items.read(sequence.getValue().get(i), path + "[" + i + "]", reading);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == size ? values : null;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", items.schema());
    schema.put("minItems", least);
    schema.put("maxItems", MOST);
    return schema;
  }
}
