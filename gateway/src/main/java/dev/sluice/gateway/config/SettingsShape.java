package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of one kind of backend, as its {@link BackendFactory} declares them. */
final class SettingsShape implements Shape<Map<String, Object>> {

  private final ObjectShape<Map<String, Object>> object;

  SettingsShape(BackendFactory factory) {
    List<Field<?>> fields = new ArrayList<>();
    factory.settings().forEach(setting -> fields.add(field(setting, shape(setting))));
    object = ObjectShape.of(fields, values -> typed(fields, values));
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

  private static Map<String, Object> typed(List<Field<?>> fields, ObjectShape.Values values) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Field<?> field : fields) {
      switch (values.find(field)) {
        case null -> {}
        case Duration length -> settings.put(field.key(), length.toNanos());
        case Object value -> settings.put(field.key(), value);
      }
    }
    return settings;
  }

  @Override
  public @Nullable Map<String, Object> read(Node node, String path, Reading reading) {
    return object.read(node, path, reading);
  }

  @Override
  public Map<String, Object> schema() {
    return object.schema();
  }
}
