package dev.sluice.gateway.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** An object whose keys are names of vendors, each with its share. */
final class SharesShape implements Shape<Map<String, Double>> {

  /** More vendors of accelerators there are not. */
  private static final int MOST = 100;

  @Override
  public @Nullable Map<String, Double> read(Node node, String path, Reading reading) {
    if (!(node instanceof MappingNode mapping) || !node.getTag().equals(Tag.MAP)) {
      reading.problem(node, path, Texts.found(node) + " (expected: an object of vendors)");
      return null;
    }
    int size = mapping.getValue().size();
    if (size < 1 || size > MOST) {
      String found = size == 0 ? "an empty object" : size + " keys";
      reading.problem(node, path, found + " (expected: 1.." + MOST + " vendors)");
      return null;
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      readShare(tuple, path, reading, shares);
    }
    return shares.size() == size ? shares : null;
  }

  private static void readShare(
      NodeTuple tuple, String path, Reading reading, Map<String, Double> shares) {
    Node key = tuple.getKeyNode();
    String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (!Shapes.isName(name)) {
      reading.problem(key, path, Texts.found(key) + " (expected: the name of a vendor)");
    } else if (shares.containsKey(name)) {
      reading.problem(key, path, "'" + name + "' is there twice");
    } else {
      String own = path + "." + name;
      reading.vendor(new Reading.Vendor(name, key, own));
      Double share = Shapes.SHARE.read(tuple.getValueNode(), own, reading);
      if (share != null) {
        shares.put(name, share);
      }
    }
  }

  @Override
  public Map<String, Object> schema() {
    return Shapes.schema(
        "type",
        "object",
        "propertyNames",
        Shapes.schema("pattern", "^[A-Za-z0-9._:/-]{1,128}$"),
        "additionalProperties",
        Shapes.SHARE.schema(),
        "minProperties",
        1,
        "maxProperties",
        MOST);
  }
}
