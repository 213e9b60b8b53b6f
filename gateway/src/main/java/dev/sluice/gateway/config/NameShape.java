package dev.sluice.gateway.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A name that is given here or used here, and is noted as such.
 *
 * @param kind what it is the name of
 * @param role whether this place gives or uses it
 */
record NameShape(Names.Kind kind, Names.Role role) implements Shape<String> {

  @Override
  public @Nullable String read(Node node, String path, Reading reading) {
    String name = Shapes.NAME.read(node, path, reading);
    if (name == null) {
      unread(reading);
      return null;
    }
    boolean good = reading.names().mention(kind, role, new Names.Mention(name, path, node));
    return good ? name : null;
  }

  @Override
  public void unread(Reading reading) {
    reading.names().unread(kind, role);
  }

  @Override
  public Map<String, Object> schema() {
    return Shapes.NAME.schema();
  }
}
