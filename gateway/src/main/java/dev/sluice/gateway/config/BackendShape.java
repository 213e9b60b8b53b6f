package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.Setting;
import dev.sluice.backends.profile.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The shape of a fleet's entry. The keys under {@code settings} are those of the entry's kind,
 * which its {@link BackendFactory} declares.
 */
final class BackendShape implements Shape<BackendShape.Draft> {

  private static final int MOST_ALIKE = 1000;

  private static final Field<Double> PER_HOUR =
      Field.optional("per_hour", Shapes.number(0, true), 0.0, "US dollars per hour for all of it");
  private static final Field<Double> PER_MILLION_INPUT =
      Field.optional(
          "per_million_input", Shapes.number(0, true), 0.0, "US dollars per million prompt tokens");
  private static final Field<Double> PER_MILLION_OUTPUT =
      Field.optional(
          "per_million_output",
          Shapes.number(0, true),
          0.0,
          "US dollars per million output tokens");

  private static final Field<Located<String>> ID =
      Field.required("id", new LocatedShape<>(Shapes.NAME), "name of the backend, unique");
  private static final Field<Located<String>> MODEL =
      Field.required("model", new LocatedShape<>(Shapes.NAME), "name of the model it serves");
  private static final Field<String> REGION =
      Field.optional("region", Shapes.NAME, null, "where it stands");
  private static final Field<Located<String>> PROFILE =
      Field.optional(
          "profile",
          new LocatedShape<>(Shapes.NAME),
          null,
          "name of the profile that describes its hardware (sluice-accelerator profiles)");
  private static final Field<Profile.Price> PRICE =
      Field.optional(
          "price",
          new ObjectShape<>(
              List.of(PER_HOUR, PER_MILLION_INPUT, PER_MILLION_OUTPUT),
              values ->
                  new Profile.Price(
                      values.get(PER_HOUR),
                      values.get(PER_MILLION_INPUT),
                      values.get(PER_MILLION_OUTPUT))),
          null,
          "what it costs, in place of the profile's price");
  private static final Field<Node> SETTINGS =
      Field.optional("settings", new AnyShape(), null, "keys of the backend's kind");
  private static final Field<Long> COUNT =
      Field.optional(
          "count",
          Shapes.whole(1, MOST_ALIKE),
          1L,
          "how many alike; above 1 they are called id-1, id-2 …");

  private final List<BackendFactory> factories;
  private final Field<String> kind;
  private final ObjectShape<Draft> entry;

  BackendShape(List<BackendFactory> factories) {
    this.factories = List.copyOf(factories);
    kind =
        Field.required(
            "kind",
            Shapes.choice(factories.stream().map(BackendFactory::kind).sorted().toList()),
            "how it is spoken to");
    entry =
        new ObjectShape<>(
            List.of(ID, kind, MODEL, REGION, PROFILE, PRICE, SETTINGS, COUNT), this::draft);
  }

  /**
   * An entry whose references are still to be resolved.
   *
   * @param node where the entry stands
   * @param count how many alike
   */
  record Draft(
      Node node,
      Located<String> id,
      BackendFactory factory,
      Located<String> model,
      @Nullable String region,
      Description description,
      int count) {}

  /** What describes the backend: profile, price and the kind's settings. */
  record Description(
      @Nullable Located<String> profile,
      Profile.@Nullable Price price,
      Map<String, Object> settings) {}

  @Override
  public @Nullable Draft read(Node node, String path, Reading reading) {
    return entry.read(node, path, reading);
  }

  private @Nullable Draft draft(ObjectShape.Values values) {
    BackendFactory factory = factory(values.get(kind));
    Map<String, Object> settings = settings(factory, values);
    if (settings == null) {
      return null;
    }
    return new Draft(
        values.node(),
        values.get(ID),
        factory,
        values.get(MODEL),
        values.find(REGION),
        new Description(values.find(PROFILE), values.find(PRICE), settings),
        Math.toIntExact(values.get(COUNT)));
  }

  private BackendFactory factory(String name) {
    return factories.stream().filter(f -> f.kind().equals(name)).findFirst().orElseThrow();
  }

  private static @Nullable Map<String, Object> settings(
      BackendFactory factory, ObjectShape.Values values) {
    Node node = values.find(SETTINGS);
    ObjectShape<Map<String, Object>> shape = settingsShape(factory);
    if (node != null) {
      return shape.read(node, values.path() + ".settings", values.reading());
    }
    List<String> missing =
        factory.settings().stream().filter(Setting::required).map(Setting::name).toList();
    if (!missing.isEmpty()) {
      values
          .reading()
          .problem(
              values.node(),
              "%s: 'settings' is missing (kind %s needs %s)"
                  .formatted(values.path(), factory.kind(), String.join(", ", missing)));
      return null;
    }
    return Map.of();
  }

  private static ObjectShape<Map<String, Object>> settingsShape(BackendFactory factory) {
    List<Field<?>> fields = new ArrayList<>();
    for (Setting setting : factory.settings()) {
      fields.add(
          new Field<>(
              setting.name(),
              valueShape(setting),
              setting.required(),
              null,
              setting.description()));
    }
    return new ObjectShape<>(
        fields,
        values -> {
          Map<String, Object> settings = new LinkedHashMap<>();
          for (Field<?> field : fields) {
            Object value = values.find(field);
            if (value != null) {
              settings.put(field.key(), value instanceof Duration d ? (Object) d.toNanos() : value);
            }
          }
          return settings;
        });
  }

  private static Shape<?> valueShape(Setting setting) {
    return switch (setting.type()) {
      case TEXT -> setting.choices().isEmpty() ? Shapes.TEXT : Shapes.choice(setting.choices());
      case WHOLE_NUMBER -> Shapes.whole(0, Long.MAX_VALUE);
      case NUMBER -> Shapes.number();
      case DURATION -> Shapes.DURATION;
      case FLAG -> Shapes.FLAG;
    };
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = entry.schema();
    List<Object> kinds = new ArrayList<>();
    for (BackendFactory factory : factories) {
      kinds.add(
          Shapes.schema(
              "if",
              Shapes.schema(
                  "properties", Shapes.schema("kind", Shapes.schema("const", factory.kind()))),
              "then",
              Shapes.schema(
                  "properties", Shapes.schema("settings", settingsShape(factory).schema()))));
    }
    schema.put("allOf", kinds);
    return schema;
  }

  /** Takes what stands there, to be read when the kind is known. */
  private static final class AnyShape implements Shape<Node> {
    @Override
    public Node read(Node node, String path, Reading reading) {
      return node;
    }

    @Override
    public Map<String, Object> schema() {
      return Shapes.schema("type", "object");
    }
  }
}
