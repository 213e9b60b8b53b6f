package dev.sluice.backends.openai;

import dev.sluice.backends.Ability;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The presets that are shipped. */
final class Presets {

  private static final String FILE = "presets.yaml";

  private static final Map<String, Preset> SHIPPED = read();

  private Presets() {}

  /** Their names, in the file's order. */
  static List<String> names() {
    return List.copyOf(SHIPPED.keySet());
  }

  /** The preset with this name, which must be one of {@link #names}. */
  static Preset named(String name) {
    return Objects.requireNonNull(SHIPPED.get(name), name);
  }

  private static Map<String, Preset> read() {
    try (InputStream file = Objects.requireNonNull(Presets.class.getResourceAsStream(FILE))) {
      Entry root =
          new Entry(FILE, new Load(LoadSettings.builder().build()).loadFromInputStream(file));
      Map<String, Preset> presets = new LinkedHashMap<>();
      Entry defaults = root.entry("defaults");
      Entry all = root.entry("presets");
      for (String name : all.values.keySet()) {
        presets.put(name, preset(name, all.entry(name).over(defaults)));
      }
      return presets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Preset preset(String name, Entry entry) {
    Entry metrics = entry.entry("metrics");
    return new Preset(
        name,
        new Preset.Dialect(
            entry.text("text").equals("chat"),
            new Preset.Keys(
                entry.text("most_tokens"),
                entry.flag("token_ids"),
                entry.flag("seed"),
                entry.flag("top_k")),
            entry.entry("request").values,
            entry.entry("stream_options").values,
            Preset.ChatResume.valueOf(
                entry.text("chat_resume").toUpperCase(Locale.ROOT).replace('-', '_'))),
        new Preset.Account(entry.texts("usage"), entry.text("running"), entry.text("queue_time")),
        new Preset.Connections(entry.seconds("idle"), entry.whole("exchanges")),
        abilities(entry.texts("abilities")),
        entry.texts("resets"),
        new Preset.Load(
            new Preset.MetricNames(
                metrics.text("path"),
                metrics.text("running"),
                metrics.text("waiting"),
                metrics.text("cache")),
            metrics.text("slots"),
            new Preset.HeaderNames(metrics.text("header_waiting"), metrics.text("header_cache"))),
        entry.flag("embeddings"));
  }

  private static Set<Ability> abilities(List<String> names) {
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    for (String name : names) {
      abilities.add(Ability.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return abilities;
  }

  /** A mapping of the file, whose mistakes name their place. */
  private record Entry(String where, Map<String, Object> values) {

    Entry(String where, Object node) {
      this(where, mapping(where, node));
    }

    private static Map<String, Object> mapping(String where, Object node) {
      if (!(node instanceof Map<?, ?> map)) {
        throw new IllegalStateException(where + ": not a mapping");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((key, value) -> values.put(key.toString(), value));
      return values;
    }

    /** This entry, with the defaults for what it leaves out; it may have no other keys. */
    Entry over(Entry defaults) {
      Map<String, Object> all = new LinkedHashMap<>(defaults.values);
      for (Map.Entry<String, Object> own : values.entrySet()) {
        Object before = all.get(own.getKey());
        if (before == null) {
          throw new IllegalStateException(where + "." + own.getKey() + ": unknown key");
        }
        boolean isNested = own.getKey().equals("metrics");
        all.put(
            own.getKey(), isNested ? merged(own.getKey(), before, own.getValue()) : own.getValue());
      }
      return new Entry(where, all);
    }

    private Map<String, Object> merged(String key, Object before, Object own) {
      return new Entry(where + "." + key, own).over(new Entry(where, before)).values;
    }

    Entry entry(String key) {
      return new Entry(where + "." + key, get(key));
    }

    private Object get(String key) {
      Object value = values.get(key);
      if (value == null) {
        throw new IllegalStateException(where + "." + key + ": missing");
      }
      return value;
    }

    String text(String key) {
      return get(key).toString();
    }

    List<String> texts(String key) {
      return ((List<?>) get(key)).stream().map(Object::toString).toList();
    }

    boolean flag(String key) {
      return (Boolean) get(key);
    }

    int whole(String key) {
      return (Integer) get(key);
    }

    long seconds(String key) {
      String text = text(key);
      return TimeUnit.SECONDS.toNanos(Long.parseLong(text.substring(0, text.length() - 1)));
    }
  }
}
