package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** An object with known keys. */
final class ObjectShape<T> implements Shape<T> {

  private final List<Field<?>> fields;
  private final Maker<T> make;

  /**
   * The object with {@code fields}, of which {@code make} builds the value; {@code make} may return
   * null after noting why.
   */
  ObjectShape(List<Field<?>> fields, Maker<T> make) {
    this.fields = List.copyOf(fields);
    this.make = make;
  }

  /** Builds the value of an object whose fields are good. */
  @FunctionalInterface
  interface Maker<T> {
    /** The value, or null after its problems were noted. */
    @Nullable T make(Values values);
  }

  /** The values of an object's fields. */
  static final class Values {
    private final Map<String, Object> byKey = new LinkedHashMap<>();
    private final Node node;
    private final String path;
    private final Reading reading;

    private Values(Node node, String path, Reading reading) {
      this.node = node;
      this.path = path;
      this.reading = reading;
    }

    Node node() {
      return node;
    }

    String path() {
      return path;
    }

    Reading reading() {
      return reading;
    }

    /** The value of a field that is there or has a default. */
    <V> V get(Field<V> field) {
      return Objects.requireNonNull(find(field));
    }

    /** The value of a field, or null when it is not there. */
    @SuppressWarnings("unchecked") // only the field's own shape puts a value under its key
    <V> @Nullable V find(Field<V> field) {
      Object value = byKey.get(field.key());
      return value != null ? (V) value : field.otherwise();
    }
  }

  @Override
  public @Nullable T read(Node node, String path, Reading reading) {
    if (!(node instanceof MappingNode mapping)) {
      reading.problem(
          node, Texts.at(path) + Texts.found(node) + " (expected: an object with keys)");
      return null;
    }
    Values values = new Values(node, path, reading);
    boolean good = readKeys(mapping, values);
    for (Field<?> field : fields) {
      if (field.required() && !hasKey(mapping, field.key())) {
        reading.problem(
            node,
            Texts.at(path) + "'" + field.key() + "' is missing (" + field.description() + ")");
        good = false;
      }
    }
    return good ? make.make(values) : null;
  }

  private boolean readKeys(MappingNode mapping, Values values) {
    boolean good = true;
    List<String> seen = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      Field<?> field = field(key);
      if (field == null) {
        values.reading.problem(tuple.getKeyNode(), Texts.at(values.path) + unknown(key));
        good = false;
      } else if (seen.contains(key)) {
        values.reading.problem(
            tuple.getKeyNode(), Texts.at(values.path) + "'" + key + "' is there twice");
        good = false;
      } else {
        seen.add(key);
        Object value =
            field.shape().read(tuple.getValueNode(), Texts.join(values.path, key), values.reading);
        if (value == null) {
          good = false;
        } else {
          values.byKey.put(key, value);
        }
      }
    }
    return good;
  }

  private String unknown(String key) {
    return "unknown key '"
        + key
        + "'"
        + Texts.suggestion(key, fields.stream().map(Field::key).toList());
  }

  private static boolean hasKey(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .anyMatch(
            tuple ->
                tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key));
  }

  private @Nullable Field<?> field(String key) {
    for (Field<?> field : fields) {
      if (field.key().equals(key)) {
        return field;
      }
    }
    return null;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Field<?> field : fields) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("description", field.description());
      property.putAll(field.shape().schema());
      properties.put(field.key(), property);
      if (field.required()) {
        required.add(field.key());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }
}
