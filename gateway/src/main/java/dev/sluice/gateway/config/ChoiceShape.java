package dev.sluice.gateway.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One of a few words. */
record ChoiceShape(List<String> words) implements Scalar<String> {

  ChoiceShape {
    words = List.copyOf(words);
  }

  @Override
  public @Nullable String read(Node node, String path, Reading reading) {
    String word = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (node.getTag().equals(Tag.STR) && words.contains(word)) {
      return word;
    }
    reading.problem(node, path, Texts.found(node) + Texts.suggestion(word, words));
    return null;
  }

  @Override
  public @Nullable String parse(String text) {
    return words.contains(text) ? text : null;
  }

  @Override
  public Map<String, Object> schema() {
    return Shapes.schema("enum", words);
  }
}
