package dev.sluice.gateway.config;

import dev.sluice.backends.profile.Profile;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The name of a profile, or of a file that holds one, read as that profile. */
record ProfileShape(Catalogue catalogue) implements Shape<Profile> {

  @Override
  public @Nullable Profile read(Node node, String path, Reading reading) {
    String name = Shapes.NAME.read(node, path, reading);
    if (name == null) {
      return null;
    }
    Profile profile;
    try {
      profile = catalogue.profile().apply(name).orElse(null);
    } catch (IllegalArgumentException e) { // a file that holds none
      reading.problem(node, path, String.valueOf(e.getMessage()));
      return null;
    }
    if (profile == null) {
      String nearest = catalogue.nearestProfile().apply(name);
      reading.problem(
          node, path, "'" + name + "' does not exist (did you mean '" + nearest + "'?)");
    }
    return profile;
  }

  @Override
  public Map<String, Object> schema() {
    return Shapes.NAME.schema();
  }
}
