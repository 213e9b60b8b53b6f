package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** An object with known keys. */
final class ObjectShape<T> implements Shape<T> {

  private final Map<String, Field<?>> fields = new LinkedHashMap<>();
  private final int least;
  private final Maker<T> make;

  private ObjectShape(List<? extends Field<?>> fields, int least, Maker<T> make) {
    fields.forEach(field -> this.fields.put(field.key(), field));
    this.least = least;
    this.make = make;
  }

  /** The object with {@code fields}, which {@code make} turns into a value when all are good. */
  static <T> ObjectShape<T> of(List<? extends Field<?>> fields, Maker<T> make) {
    return checked(fields, values -> values.isComplete() ? make.make(values) : null);
  }

  /** The same, where at least one key must be there. */
  static <T> ObjectShape<T> notEmpty(List<? extends Field<?>> fields, Maker<T> make) {
    return new ObjectShape<>(fields, 1, values -> values.isComplete() ? make.make(values) : null);
  }

  /**
   * The object with {@code fields}, which {@code make} checks against each other, also when not all
   * are good: then it returns null.
   */
  static <T> ObjectShape<T> checked(List<? extends Field<?>> fields, Maker<T> make) {
    return new ObjectShape<>(fields, 0, make);
  }

  /** Builds the value of an object of its fields' values. */
  @FunctionalInterface
  interface Maker<T> {
    /** The value, or null after its problems were noted. */
    @Nullable T make(Values values);
  }

  /** An object without keys that stands where {@code node} does. */
  static Node empty(Node node) {
    return new MappingNode(
        Tag.MAP, true, List.of(), FlowStyle.FLOW, node.getStartMark(), node.getEndMark());
  }

  @Override
  public @Nullable T read(Node node, String path, Reading reading) {
    if (!(node instanceof MappingNode mapping) || !node.getTag().equals(Tag.MAP)) {
      reading.problem(node, path, Texts.found(node) + " (expected: an object with keys)");
      unread(reading);
      return null;
    }
    Values values = new Values(node, path, reading);
    Set<String> meant = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      readKey(tuple, values, meant);
    }
    for (Field<?> field : fields.values()) {
      if (field.required() && !values.nodes.containsKey(field.key())) {
        values.unread(field);
        if (!meant.contains(field.key())) {
          reading.problem(
              node, path, "'" + field.key() + "' is missing (" + field.description() + ")");
        }
      }
    }
    if (mapping.getValue().size() < least) {
      String keys = String.join(", ", fields.keySet());
      reading.problem(node, path, "an empty object (expected: at least one of " + keys + ")");
      values.complete = false;
    }
    return make.make(values);
  }

  private void readKey(NodeTuple tuple, Values values, Set<String> meant) {
    Node keyNode = tuple.getKeyNode();
    String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
    Field<?> field = fields.get(key);
    if (field == null) {
      values.reading.problem(
          keyNode,
          values.path,
          "unknown key " + Texts.found(keyNode) + Texts.suggestion(key, fields.keySet()));
      values.complete = false;
      Texts.nearest(key, fields.keySet()).ifPresent(meant::add);
    } else if (values.nodes.containsKey(key)) {
      values.reading.problem(keyNode, values.path, "'" + key + "' is there twice");
      values.unread(field);
    } else {
      values.read(field, tuple.getValueNode());
    }
  }

  @Override
  public void unread(Reading reading) {
    fields.values().forEach(field -> field.shape().unread(reading));
  }

  /** The value of an object in which no key is there; all must be optional. */
  @Nullable T ofDefaults() {
    Node nowhere = new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN);
    return read(empty(nowhere), "", new Reading(""));
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Field<?> field : fields.values()) {
      Map<String, Object> property = Shapes.schema("description", field.description());
      property.putAll(field.shape().schema());
      if (field.shown() != null) {
        property.put("default", field.shown());
      }
      properties.put(field.key(), property);
      if (field.required()) {
        required.add(field.key());
      }
    }
    Map<String, Object> schema = Shapes.schema("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (least > 0) {
      schema.put("minProperties", least);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  /** The values of an object's fields, as far as they could be read. */
  static final class Values {
    private final Map<String, Object> good = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Node node;
    private final String path;
    private final Reading reading;
    private boolean complete = true;

    private Values(Node node, String path, Reading reading) {
      this.node = node;
      this.path = path;
      this.reading = reading;
    }

    private void read(Field<?> field, Node valueNode) {
      nodes.put(field.key(), valueNode);
      Object value = field.shape().read(valueNode, path(field), reading);
      if (value == null) {
        complete = false;
      } else {
        good.put(field.key(), value);
      }
    }

    private void unread(Field<?> field) {
      complete = false;
      field.shape().unread(reading);
    }

    /** Whether every field is good, so that {@link #get} can be used. */
    boolean isComplete() {
      return complete;
    }

    Reading reading() {
      return reading;
    }

    /** Where the value of {@code field} stands; the object itself when it is not there. */
    Node node(Field<?> field) {
      return nodes.getOrDefault(field.key(), node);
    }

    String path(Field<?> field) {
      return path.isEmpty() ? field.key() : path + "." + field.key();
    }

    /** Notes a problem with the value of {@code field}. */
    void problem(Field<?> field, String message) {
      complete = false;
      reading.problem(node(field), path(field), message);
    }

    /** The value of a field that is there or has a default. */
    <V> V get(Field<V> field) {
      V value = find(field);
      if (value == null) {
        throw new IllegalStateException(path(field) + ": nothing (expected: a value or a default)");
      }
      return value;
    }

    /** The value of a field or its default; null when it has none, or could not be read. */
    @SuppressWarnings("unchecked") // only the field's own shape puts a value under its key
    <V> @Nullable V find(Field<V> field) {
      if (nodes.containsKey(field.key())) {
        return (V) good.get(field.key());
      }
      return field.otherwise();
    }
  }
}
