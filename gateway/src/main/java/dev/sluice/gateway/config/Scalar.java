package dev.sluice.gateway.config;

import org.jspecify.annotations.Nullable;

/** A shape of single values, which can also be given as text in the code: defaults. */
interface Scalar<T> extends Shape<T> {

  /** The value of {@code text}, or null when it is none. */
  @Nullable T parse(String text);
}
