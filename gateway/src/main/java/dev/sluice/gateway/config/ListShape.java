package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A list of at least {@code least} items of one shape. */
record ListShape<T>(Shape<T> items, int least) implements Shape<List<T>> {

  /** No list of the file is longer: beyond it a mistake is likelier than a fleet. */
  private static final int MOST = 10_000;

  @Override
  public @Nullable List<T> read(Node node, String path, Reading reading) {
    if (!(node instanceof SequenceNode sequence) || !node.getTag().equals(Tag.SEQ)) {
      reading.problem(node, path, Texts.found(node) + " (expected: a list)");
      unread(reading);
      return null;
    }
    int size = sequence.getValue().size();
    if (size < least || size > MOST) {
      String message = size == 0 ? "an empty list" : size + " items";
      reading.problem(node, path, message + " (expected: " + least + ".." + MOST + " items)");
      unread(reading);
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
  public void unread(Reading reading) {
    items.unread(reading);
  }

  @Override
  public Map<String, Object> schema() {
    return Shapes.schema(
        "type", "array", "items", items.schema(), "minItems", least, "maxItems", MOST);
  }
}
