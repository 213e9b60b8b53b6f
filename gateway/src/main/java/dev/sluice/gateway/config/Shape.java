package dev.sluice.gateway.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What a part of the file must look like. One description serves the binder and the published JSON
 * Schema, so that they cannot disagree.
 */
interface Shape<T> {

  /**
   * The value of {@code node}, or null after its problems were noted. {@code path} names it, such
   * as {@code models[0].name}.
   */
  @Nullable T read(Node node, String path, Reading reading);

  /**
   * Notes that what should stand here could not be read, so that the names it may have given or
   * used are not missed elsewhere: one mistake is one problem.
   */
  default void unread(Reading reading) {}

  /** The same shape as JSON Schema (draft 2020-12). */
  Map<String, Object> schema();
}
