package dev.sluice.gateway.config;

import org.jspecify.annotations.Nullable;

/**
 * One key of an object.
 *
 * @param key as written in the file
 * @param shape of its value
 * @param required whether it must be there
 * @param otherwise its value when it is not there; null where absence means something
 * @param description one sentence for editors
 */
record Field<T>(
    String key, Shape<T> shape, boolean required, @Nullable T otherwise, String description) {

  static <T> Field<T> required(String key, Shape<T> shape, String description) {
    return new Field<>(key, shape, true, null, description);
  }

  static <T> Field<T> optional(
      String key, Shape<T> shape, @Nullable T otherwise, String description) {
    return new Field<>(key, shape, false, otherwise, description);
  }
}
