package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.Setting;
import dev.sluice.backends.profile.Profile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The keys of one kind of backend, as its {@link BackendFactory} declares them. What was read is
 * good by its type; {@link #judged} asks the factory about the rest.
 */
final class SettingsShape implements Shape<ObjectShape.Values> {

  private final BackendFactory factory;
  private final Map<String, Field<?>> fields = new LinkedHashMap<>();
  private final ObjectShape<ObjectShape.Values> object;

  SettingsShape(BackendFactory factory) {
    this.factory = factory;
    for (Setting setting : factory.settings()) {
      fields.put(setting.name(), field(setting, shape(setting)));
    }
    object = ObjectShape.checked(List.copyOf(fields.values()), values -> values);
  }

  private static <T> Field<T> field(Setting setting, Shape<T> shape) {
    return setting.required()
        ? Field.required(setting.name(), shape, setting.description())
        : Field.optional(setting.name(), shape, setting.description());
  }

  private static Shape<?> shape(Setting setting) {
    return switch (setting.type()) {
      case TEXT -> setting.choices().isEmpty() ? Shapes.TEXT : new ChoiceShape(setting.choices());
      case WHOLE_NUMBER -> Shapes.whole(0, Long.MAX_VALUE);
      case NUMBER -> Shapes.number();
      case DURATION -> Shapes.DURATION;
      case FLAG -> Shapes.FLAG;
    };
  }

  @Override
  public ObjectShape.@Nullable Values read(Node node, String path, Reading reading) {
    return object.read(node, path, reading);
  }

  /**
   * The values as the kind gets them; null when one is not good, after what the kind finds wrong
   * was noted. A profile that could not be read is null.
   */
  @Nullable Map<String, Object> judged(ObjectShape.Values values, @Nullable Profile profile) {
    Map<String, Object> settings = typed(values);
    // a key that is missing or could not be read was named already
    boolean whole = values.isComplete();
    for (InvalidSetting invalid : factory.check(new BackendSpec("", "", profile, settings))) {
      Field<?> field = fields.get(invalid.name());
      boolean isThere = settings.containsKey(invalid.name());
      if (field != null && (isThere || whole)) {
        boolean isShown = isThere && !invalid.value().equals(InvalidSetting.WITHHELD);
        String value = isShown ? Texts.found(values.node(field)) : invalid.value();
        values.problem(field, value + " (expected: " + invalid.expected() + ")");
      }
    }
    return values.isComplete() ? settings : null;
  }

  private Map<String, Object> typed(ObjectShape.Values values) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Field<?> field : fields.values()) {
      switch (values.find(field)) {
        case null -> {}
        case Duration length -> settings.put(field.key(), length.toNanos());
        case Object value -> settings.put(field.key(), value);
      }
    }
    return settings;
  }

  @Override
  public Map<String, Object> schema() {
    return object.schema();
  }
}
