package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Setting;
import dev.sluice.backends.profile.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The shape of a fleet's entry, which stands for one backend or several alike. The keys under
 * {@code settings} are those of the entry's kind.
 */
final class BackendShape implements Shape<List<GatewayConfig.BackendEntry>> {

  private static final int MOST_ALIKE = 1000;

  private static final Field<Double> PER_HOUR =
      Field.optional(
          "per_hour", Shapes.numberFromZero(), "0", "US dollars per hour for all its devices");
  private static final Field<Double> PER_MILLION_INPUT =
      Field.optional(
          "per_million_input",
          Shapes.numberFromZero(),
          "0",
          "US dollars per million prompt tokens");
  private static final Field<Double> PER_MILLION_OUTPUT =
      Field.optional(
          "per_million_output",
          Shapes.numberFromZero(),
          "0",
          "US dollars per million output tokens");
  private static final Field<Profile.Price> PRICE =
      Field.optional(
          "price",
          ObjectShape.notEmpty(
              List.of(PER_HOUR, PER_MILLION_INPUT, PER_MILLION_OUTPUT),
              values ->
                  new Profile.Price(
                      values.get(PER_HOUR),
                      values.get(PER_MILLION_INPUT),
                      values.get(PER_MILLION_OUTPUT))),
          "what it costs, in place of the profile's price; what is left out costs nothing");

  private static final Field<String> ID =
      Field.required(
          "id", new NameShape(Names.Kind.BACKEND, Names.Role.GIVES), "name of the backend, unique");
  private static final Field<String> MODEL =
      Field.required(
          "model",
          new NameShape(Names.Kind.MODEL, Names.Role.USES),
          "name of the model it serves, one of those under models");
  private static final Field<String> REGION =
      Field.optional("region", Shapes.NAME, "where it stands");
  private static final Field<String> VENDOR =
      Field.optional(
          "vendor", Shapes.NAME, "who makes its hardware, in place of the profile's vendor");
  private static final Field<Duration> LINK =
      Field.optional(
          "link",
          Shapes.DURATION,
          "time that the network adds to a first token, beyond the profile's overhead");
  private static final Field<List<String>> TENANTS =
      Field.list(
          "tenants",
          new ListShape<>(Shapes.NAME, 1),
          "who may use it, as x-llm-d-inference-fairness-id names them; when left out, everybody");
  private static final Field<Node> SETTINGS =
      Field.optional("settings", new AnyShape(), "keys of the backend's kind");
  private static final Field<GatewayConfig.Start> START =
      Field.optional(
          "start",
          new StartShape(),
          "how the gateway starts the engine itself, and starts it again when it ends; when left"
              + " out, somebody else does");
  private static final Field<Long> COUNT =
      Field.optional(
          "count",
          Shapes.whole(1, MOST_ALIKE),
          "1",
          "how many alike; above 1 they are called id-1, id-2 and so on");

  private final Catalogue catalogue;
  private final Map<String, SettingsShape> settings = new LinkedHashMap<>();
  private final Field<String> kind;
  private final Field<Profile> profile;
  private final ObjectShape<List<GatewayConfig.BackendEntry>> entry;

  BackendShape(Catalogue catalogue) {
    this.catalogue = catalogue;
    catalogue.kinds().forEach(k -> settings.put(k, new SettingsShape(catalogue.factory(k))));
    kind = Field.required("kind", new ChoiceShape(catalogue.kinds()), "how it is spoken to");
    profile =
        Field.required(
            "profile",
            new ProfileShape(catalogue),
            "name of the profile to forecast it by, which sluice-accelerator profiles lists, or a"
                + " file NAME.yaml that holds one, as sluice-accelerator fit writes it");
    entry =
        ObjectShape.checked(
            List.of(
                ID, kind, MODEL, REGION, VENDOR, LINK, TENANTS, profile, PRICE, SETTINGS, START,
                COUNT),
            this::entries);
  }

  @Override
  public @Nullable List<GatewayConfig.BackendEntry> read(Node node, String path, Reading reading) {
    return entry.read(node, path, reading);
  }

  @Override
  public void unread(Reading reading) {
    entry.unread(reading);
  }

  private @Nullable List<GatewayConfig.BackendEntry> entries(ObjectShape.Values values) {
    Map<String, Object> typed = settings(values);
    checkProfile(values);
    checkStart(values);
    List<String> ids = ids(values);
    if (!values.isComplete() || typed == null || ids == null) {
      return null;
    }
    values
        .reading()
        .serving(
            new Reading.Serving(
                values.get(MODEL),
                factory(values).tasks(spec(values, ids.getFirst(), typed)),
                values.node(MODEL),
                values.path(MODEL)));
    GatewayConfig.Start start = values.find(START);
    if (start != null) {
      values.reading().engine(new GatewayConfig.Engine(ids.getFirst(), start));
    }
    Profile.Price price = values.find(PRICE);
    Profile own = values.get(profile);
    Profile priced = price == null ? own : own.withPrice(price);
    GatewayConfig.Place place = place(values, own);
    return ids.stream()
        .map(
            id ->
                new GatewayConfig.BackendEntry(
                    id,
                    values.get(kind),
                    values.get(MODEL),
                    place,
                    priced,
                    typed,
                    values.get(TENANTS),
                    skills(values, id, typed)))
        .toList();
  }

  private GatewayConfig.Skills skills(
      ObjectShape.Values values, String id, Map<String, Object> typed) {
    BackendFactory factory = factory(values);
    BackendSpec spec = spec(values, id, typed);
    return new GatewayConfig.Skills(factory.continuation(spec), factory.abilities(spec));
  }

  private BackendFactory factory(ObjectShape.Values values) {
    return catalogue.factory(values.get(kind));
  }

  private BackendSpec spec(ObjectShape.Values values, String id, Map<String, Object> typed) {
    return new BackendSpec(id, values.get(MODEL), values.get(profile), typed);
  }

  private static GatewayConfig.Place place(ObjectShape.Values values, Profile profile) {
    return new GatewayConfig.Place(
        values.find(REGION),
        Objects.requireNonNullElse(values.find(VENDOR), profile.deployment().vendor()),
        Objects.requireNonNullElse(values.find(LINK), Duration.ZERO));
  }

  private @Nullable Map<String, Object> settings(ObjectShape.Values values) {
    String name = values.find(kind);
    SettingsShape shape = name == null ? null : settings.get(name);
    if (shape == null) {
      return null;
    }
    Node node = values.find(SETTINGS);
    ObjectShape.Values read =
        shape.read(
            node == null ? ObjectShape.empty(values.node(SETTINGS)) : node,
            values.path(SETTINGS),
            values.reading());
    return read == null ? null : shape.judged(read, values.find(profile));
  }

  /** A kind that is emulated from its profile serves no other model than the profile's. */
  private void checkProfile(ObjectShape.Values values) {
    String name = values.find(kind);
    String model = values.find(MODEL);
    Profile own = values.find(profile);
    if (name == null || model == null || own == null || !catalogue.factory(name).needsProfile()) {
      return;
    }
    String profiled = own.deployment().model();
    if (!profiled.equals(model)) {
      values.problem(
          profile,
          "'%s' is for model %s (expected: one for %s)".formatted(own.name(), profiled, model));
    }
  }

  /** One engine is started for one backend, and none for what runs in the gateway. */
  private void checkStart(ObjectShape.Values values) {
    String name = values.find(kind);
    Long count = values.find(COUNT);
    if (values.find(START) == null) {
      return;
    }
    String found = Texts.found(values.node(START)) + " (expected: left out, because ";
    if (name != null && catalogue.factory(name).isInProcess()) {
      values.problem(START, found + name + " runs in the gateway itself)");
    } else if (count != null && count > 1) {
      values.problem(START, found + "one engine would be all " + count + " of count)");
    }
  }

  private static @Nullable List<String> ids(ObjectShape.Values values) {
    String id = values.find(ID);
    Long count = values.find(COUNT);
    if (id == null || count == null) {
      return null;
    }
    if (count == 1) {
      return List.of(id);
    }
    String last = id + "-" + count;
    if (!Shapes.isName(last)) {
      values.problem(
          ID, "'" + Texts.shorten(last) + "' is too long a name for the last of its " + count);
      return null;
    }
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Names.Mention mention = new Names.Mention(id + "-" + i, values.path(ID), values.node(ID));
      if (!values.reading().names().mention(Names.Kind.BACKEND, Names.Role.GIVES, mention)) {
        return null;
      }
      ids.add(mention.name());
    }
    return ids;
  }

  @Override
  public Map<String, Object> schema() {
    List<Object> kinds = new ArrayList<>();
    for (BackendFactory factory : catalogue.factories()) {
      kinds.add(ofKind(factory));
    }
    Map<String, Object> schema = entry.schema();
    schema.put("allOf", kinds);
    return schema;
  }

  private Map<String, Object> ofKind(BackendFactory factory) {
    Map<String, Object> then =
        Shapes.schema("properties", Shapes.schema("settings", new SettingsShape(factory).schema()));
    if (factory.settings().stream().anyMatch(Setting::required)) {
      then.put("required", List.of("settings"));
    }
    if (factory.isInProcess()) {
      then.put("not", Shapes.schema("required", List.of("start")));
    }
    Map<String, Object> isKind =
        Shapes.schema(
            "properties", Shapes.schema("kind", Shapes.schema("const", factory.kind())),
            "required", List.of("kind"));
    return Shapes.schema("if", isKind, "then", then);
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
