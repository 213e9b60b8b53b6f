package dev.sluice.gateway.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** A shape whose value remembers where it stands. */
record LocatedShape<T>(Shape<T> inner) implements Shape<Located<T>> {

  @Override
  public @Nullable Located<T> read(Node node, String path, Reading reading) {
    T value = inner.read(node, path, reading);
    return value == null ? null : new Located<>(value, node);
  }

  @Override
  public Map<String, Object> schema() {
    return inner.schema();
  }
}
