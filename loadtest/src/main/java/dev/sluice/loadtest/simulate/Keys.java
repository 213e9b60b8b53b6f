package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.loadtest.workload.Spans;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one part of a scenario's file and their values. Each read says what is wrong and what
 * was expected; {@link #done} finds the keys that nobody read.
 */
final class Keys {

  private final String path;
  private final Map<?, ?> values;
  private final Set<String> known = new LinkedHashSet<>();

  private Keys(String path, Map<?, ?> values) {
    this.path = path;
    this.values = values;
  }

  /** The keys of {@code value}, which is called {@code path} in messages. */
  static Keys of(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Keys(path, map);
    }
    throw wrong(path, value, "keys and values");
  }

  String text(String key) {
    Object value = find(key);
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw complaint(key, "a text");
  }

  String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  double positive(String key) {
    Object value = find(key);
    if (value instanceof Number number
        && number.doubleValue() > 0
        && number.doubleValue() < Double.POSITIVE_INFINITY) {
      return number.doubleValue();
    }
    throw complaint(key, "a number above 0");
  }

  double positive(String key, double otherwise) {
    return has(key) ? positive(key) : otherwise;
  }

  int count(String key) {
    return count(path(key), find(key));
  }

  private static int count(String path, @Nullable Object value) {
    if (value instanceof Integer number && number > 0) {
      return number;
    }
    throw wrong(path, value, "a whole number above 0");
  }

  /** Whole numbers above 0. */
  List<Integer> counts(String key) {
    List<Integer> counts = new ArrayList<>();
    for (Object each : list(key)) {
      counts.add(count(path(key), each));
    }
    return counts;
  }

  List<Double> positives(String key, List<Double> otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    List<Double> numbers = new ArrayList<>();
    for (Object each : list(key)) {
      if (!(each instanceof Number number && number.doubleValue() > 0)) {
        throw wrong(path(key), each, "a number above 0");
      }
      numbers.add(number.doubleValue());
    }
    return numbers;
  }

  List<String> texts(String key, List<String> otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list(key)) {
      if (!(each instanceof String text)) {
        throw wrong(path(key), each, "a text");
      }
      texts.add(text);
    }
    return texts;
  }

  /** A length of time. */
  long nanos(String key) {
    return Spans.parseNanos(path(key), text(key));
  }

  /** Parts with keys of their own; none when the key is not there. */
  List<Keys> parts(String key) {
    List<Keys> parts = new ArrayList<>();
    if (has(key)) {
      for (Object each : list(key)) {
        parts.add(of(path(key) + "[" + parts.size() + "]", each));
      }
    }
    return parts;
  }

  @Nullable Keys part(String key) {
    return has(key) ? of(path(key), find(key)) : null;
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** The value as it stands; null when there is none. */
  @Nullable Object find(String key) {
    known.add(key);
    return values.get(key);
  }

  private List<?> list(String key) {
    Object value = find(key);
    if (value instanceof List<?> list && !list.isEmpty()) {
      return list;
    }
    throw complaint(key, "a list");
  }

  /** Ends the reading: every key must have been asked for. */
  void done() {
    for (Object key : values.keySet()) {
      if (!(key instanceof String name && known.contains(name))) {
        throw new IllegalArgumentException(
            path(String.valueOf(key))
                + ": no such key"
                + ConfigLoader.suggestion(String.valueOf(key), List.copyOf(known)));
      }
    }
  }

  /** The complaint that what {@code key} holds is not what it should. */
  IllegalArgumentException complaint(String key, String expected) {
    return wrong(path(key), values.get(key), expected);
  }

  private static IllegalArgumentException wrong(
      String path, @Nullable Object value, String expected) {
    return new IllegalArgumentException(
        path + ": " + (value == null ? "none" : value) + " (expected: " + expected + ")");
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  @Override
  public String toString() {
    return "Keys[" + path + "]";
  }
}
