package dev.sluice.gateway.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key of an object.
 *
 * @param key as written in the file
 * @param shape of its value
 * @param required whether it must be there
 * @param otherwise its value when it is not there; null where absence means something
 * @param shown the same as editors show it; null when there is nothing to show
 * @param description one sentence for editors
 */
record Field<T>(
    String key,
    Shape<T> shape,
    boolean required,
    @Nullable T otherwise,
    @Nullable Object shown,
    String description) {

  static <T> Field<T> required(String key, Shape<T> shape, String description) {
    return new Field<>(key, shape, true, null, null, description);
  }

  /** A key whose absence means something of its own. */
  static <T> Field<T> optional(String key, Shape<T> shape, String description) {
    return new Field<>(key, shape, false, null, null, description);
  }

  /** A key with a default, which is given as an operator would write it. */
  static <T> Field<T> optional(String key, Scalar<T> shape, String otherwise, String description) {
    T value = Objects.requireNonNull(shape.parse(otherwise), key);
    return new Field<>(
        key,
        shape,
        false,
        value,
        value instanceof Number && isNumber(otherwise) ? value : otherwise,
        description);
  }

  private static boolean isNumber(String text) {
    return Character.isDigit(text.charAt(text.length() - 1));
  }

  /** A list that is empty when it is not there. */
  static <T> Field<List<T>> list(String key, ListShape<T> shape, String description) {
    return new Field<>(key, shape, false, List.of(), null, description);
  }

  /** An object whose keys are all optional: when it is not there, each has its default. */
  static <T> Field<T> group(String key, ObjectShape<T> shape, String description) {
    return new Field<>(key, shape, false, shape.ofDefaults(), null, description);
  }
}
