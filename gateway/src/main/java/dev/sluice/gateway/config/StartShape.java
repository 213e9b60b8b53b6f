package dev.sluice.gateway.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The shape of what says how an engine is started. Nothing is looked for, and nothing started. */
final class StartShape implements Shape<GatewayConfig.Start> {

  /** No program can be given a NUL, and no file has one in its name. */
  private static final Scalar<String> WORD =
      new ScalarShape<>(
          List.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL),
          text -> text.isEmpty() || text.indexOf('\0') >= 0 ? null : text,
          "a text without NUL",
          Shapes.schema("type", List.of("string", "number", "boolean"), "minLength", 1));

  private static final Field<List<GatewayConfig.Cited>> COMMAND =
      Field.required(
          "command",
          new ListShape<>(new CitedShape(), 1),
          "the program, a path beside this file or without a slash a name on the PATH, and its"
              + " arguments; no shell reads them, and this file's folder is where it runs");
  private static final Field<List<GatewayConfig.Cited>> FILES =
      Field.list(
          "files",
          new ListShape<>(new CitedShape(), 1),
          "what must be there besides the program, such as its weights");
  private static final Field<String> LOG =
      Field.optional(
          "log",
          WORD,
          "file that all it says is appended to, prompts too if it says them; when left out, it is"
              + " dropped");
  private static final Field<String> INSTALL =
      Field.optional(
          "install", Shapes.TEXT, "what to type to install it, which is said where it is missing");

  private final ObjectShape<GatewayConfig.Start> object =
      ObjectShape.of(List.of(COMMAND, FILES, LOG, INSTALL), StartShape::start);

  private static GatewayConfig.Start start(ObjectShape.Values values) {
    List<GatewayConfig.Cited> command = values.get(COMMAND);
    return new GatewayConfig.Start(
        command.getFirst(),
        command.stream().skip(1).map(GatewayConfig.Cited::text).toList(),
        values.get(FILES),
        values.find(LOG),
        values.find(INSTALL));
  }

  @Override
  public GatewayConfig.@Nullable Start read(Node node, String path, Reading reading) {
    return object.read(node, path, reading);
  }

  @Override
  public Map<String, Object> schema() {
    return object.schema();
  }

  /** A word that is looked up after the file was read, and is then cited by its place. */
  private record CitedShape() implements Shape<GatewayConfig.Cited> {

    @Override
    public GatewayConfig.@Nullable Cited read(Node node, String path, Reading reading) {
      String word = WORD.read(node, path, reading);
      return word == null ? null : new GatewayConfig.Cited(word, reading.place(node, path));
    }

    @Override
    public Map<String, Object> schema() {
      return WORD.schema();
    }
  }
}
