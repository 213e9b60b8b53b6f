package dev.sluice.loadtest.live.fault;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.loadtest.workload.Spans;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * An object of a plan's file: its keys with their values and places. Each read says what is wrong,
 * where, and what was expected; {@link #done} finds the keys that nobody read.
 */
final class PlanNode {

  private final String file;
  private final String path;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  private PlanNode(String file, String path, Node node) throws PlanException {
    this.file = file;
    this.path = path;
    this.node = node;
    if (!(node instanceof MappingNode mapping)) {
      throw at(node, named(path) + "expected an object of keys and values");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (values.put(key, tuple.getValueNode()) != null) {
        throw at(tuple.getKeyNode(), path(key) + ": twice (expected: once)");
      }
      keys.put(key, tuple.getKeyNode());
    }
  }

  /** The root object of {@code text}. */
  static PlanNode parse(String file, String text) throws PlanException {
    try {
      Optional<Node> root =
          new Compose(LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(true).build())
              .composeString(text);
      if (root.isEmpty()) {
        throw new PlanException(file, 1, 1, "empty (expected: accelerators and events)");
      }
      return new PlanNode(file, "", root.get());
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
      throw new PlanException(
          file,
          mark == null ? 1 : mark.getLine() + 1,
          mark == null ? 1 : mark.getColumn() + 1,
          "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new PlanException(file, 1, 1, "not YAML: " + e.getMessage());
    }
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  String text(String key) throws PlanException {
    Node value = value(key);
    if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw complaint(key, "a text");
  }

  String text(String key, String otherwise) throws PlanException {
    return has(key) ? text(key) : otherwise;
  }

  long nanos(String key) throws PlanException {
    try {
      return Spans.parseNanos(path(key), text(key));
    } catch (IllegalArgumentException e) {
      throw at(value(key), String.valueOf(e.getMessage()));
    }
  }

  long nanos(String key, long otherwise) throws PlanException {
    return has(key) ? nanos(key) : otherwise;
  }

  /** A number above {@code above} and at most {@code most}. */
  double number(String key, double above, double most) throws PlanException {
    try {
      double number = Double.parseDouble(text(key));
      if (number > above && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // the same complaint as for a number out of range
    }
    throw complaint(key, "a number above " + plain(above) + ", at most " + plain(most));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** The objects of a list; none when the key is not there. */
  List<PlanNode> objects(String key) throws PlanException {
    List<PlanNode> objects = new ArrayList<>();
    if (has(key)) {
      if (!(values.get(key) instanceof SequenceNode list)) {
        throw complaint(key, "a list");
      }
      for (Node each : list.getValue()) {
        objects.add(new PlanNode(file, path(key) + "[" + objects.size() + "]", each));
      }
    }
    return objects;
  }

  /** An object of its own; null when the key is not there. */
  @Nullable PlanNode object(String key) throws PlanException {
    Node value = has(key) ? values.get(key) : null;
    return value == null ? null : new PlanNode(file, path(key), value);
  }

  /** Ends the reading: every key must have been asked for. */
  void done() throws PlanException {
    for (Map.Entry<String, Node> key : keys.entrySet()) {
      if (!known.contains(key.getKey())) {
        throw at(
            key.getValue(),
            path(key.getKey())
                + ": no such key"
                + ConfigLoader.suggestion(key.getKey(), List.copyOf(known)));
      }
    }
  }

  /** The complaint that {@code key} is not what it should be. */
  PlanException complaint(String key, String expected) {
    Node value = values.get(key);
    String shown =
        value == null ? "none" : value instanceof ScalarNode scalar ? scalar.getValue() : "?";
    return at(
        value == null ? node : value, path(key) + ": " + shown + " (expected: " + expected + ")");
  }

  /** The complaint that the object as a whole is not what it should be. */
  PlanException complaint(String message) {
    return at(node, named(path) + message);
  }

  private Node value(String key) throws PlanException {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      throw at(node, path(key) + ": none (expected: a value)");
    }
    return value;
  }

  private PlanException at(Node where, String message) {
    Mark mark = where.getStartMark().orElse(null);
    return new PlanException(
        file,
        mark == null ? 1 : mark.getLine() + 1,
        mark == null ? 1 : mark.getColumn() + 1,
        message);
  }

  private static String named(String path) {
    return path.isEmpty() ? "" : path + ": ";
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  @Override
  public String toString() {
    return "PlanNode[" + path + "]";
  }
}
