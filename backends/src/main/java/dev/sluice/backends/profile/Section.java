package dev.sluice.backends.profile;

import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a catalogue file, read key by key with the type each must have. Keys that nobody
 * asked for are found by {@link #finish}.
 */
final class Section {

  private final String where;
  private final String name;
  private final Map<?, ?> values;
  private final Map<String, Provenance> sources;
  private final List<String> asked = new ArrayList<>();

  /** A whole file. */
  Section(String file, Map<?, ?> values, Map<String, Provenance> sources) {
    this(file, file, values, sources);
  }

  private Section(String where, String name, Map<?, ?> values, Map<String, Provenance> sources) {
    this.where = where;
    this.name = name;
    this.values = values;
    this.sources = sources;
  }

  /** File and path, for error messages. */
  String where() {
    return where;
  }

  /** The record's own name, with which the names of its figures begin. */
  String name() {
    return name;
  }

  /** The same under another name. */
  Section labelled(String other) {
    return new Section(where, other, values, sources);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** All keys, in the file's order. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Object key : values.keySet()) {
      if (!(key instanceof String text)) {
        throw new CatalogueException(where, String.valueOf(key), "a text as key");
      }
      keys.add(text);
    }
    return keys;
  }

  String text(String key) {
    if (value(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(key, "a text");
  }

  /** The record of {@code table} whose name stands at {@code key}. */
  Section recordOf(Section table, String key) {
    String id = text(key);
    if (!table.has(id)) {
      throw wrong(key, "one of " + table.keys());
    }
    return table.section(id);
  }

  Section section(String key) {
    if (value(key) instanceof Map<?, ?> map) {
      return new Section(where + " " + key, key, map, sources);
    }
    throw wrong(key, "a mapping");
  }

  /** A list of texts. */
  List<String> texts(String key) {
    if (!(value(key) instanceof List<?> list)) {
      throw wrong(key, "a list of texts");
    }
    List<String> texts = new ArrayList<>();
    for (Object element : list) {
      if (!(element instanceof String text)) {
        throw wrong(key, "a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  int wholeNumber(String key, int least) {
    if (value(key) instanceof Integer number && number >= least) {
      return number;
    }
    throw wrong(key, "a whole number of at least " + least);
  }

  <E extends Enum<E>> E oneOf(String key, Class<E> type) {
    E[] choices = type.getEnumConstants();
    String written = String.valueOf(value(key));
    for (E choice : choices) {
      if (choice.name().equalsIgnoreCase(written)) {
        return choice;
      }
    }
    throw wrong(key, "one of " + Arrays.toString(choices).toLowerCase(Locale.ROOT));
  }

  YearMonth month(String key) {
    try {
      return YearMonth.parse(String.valueOf(value(key)));
    } catch (DateTimeParseException _) {
      throw wrong(key, "a month such as 2026-09");
    }
  }

  /** The figure at {@code key}, above 0 or, where the caller allows it, 0. */
  Figure figure(String key, Unit.Dimension dimension) {
    Figure figure = figureOrZero(key, dimension);
    if (figure.value() == 0) {
      throw wrong(key, "above 0");
    }
    return figure;
  }

  @Nullable Figure optionalFigure(String key, Unit.Dimension dimension) {
    return has(key) ? figure(key, dimension) : null;
  }

  /** The figure at {@code key}: {@code 80 GB}, or a mapping with it as {@code value}. */
  Figure figureOrZero(String key, Unit.Dimension dimension) {
    Object value = value(key);
    if (value == null) {
      throw wrong(key, dimension.units());
    }
    if (!(value instanceof Map<?, ?>)) {
      return quantity(key, value, dimension, provenance(key));
    }
    Section own = section(key);
    Provenance provenance = own.has("from") ? own.provenance(key) : provenance(key);
    if (own.has("confidence")) {
      Confidence confidence = own.oneOf("confidence", Confidence.class);
      provenance = new Provenance(provenance.source(), confidence, provenance.date());
    }
    if (own.has("date")) {
      provenance = new Provenance(provenance.source(), provenance.confidence(), own.month("date"));
    }
    Figure figure = quantity(key, own.value("value"), dimension, provenance);
    own.finish();
    return figure;
  }

  /** Fails if the file holds a key that was never read. */
  void finish() {
    for (String key : keys()) {
      if (!asked.contains(key) && !key.equals("from")) {
        throw new CatalogueException(where + " " + key, "unknown key", "one of " + asked);
      }
    }
  }

  private Provenance provenance(String key) {
    if (!has("from")) {
      throw new CatalogueException(
          where + " " + key, "no source", "'from' with the figure or its record");
    }
    String id = text("from");
    Provenance source = sources.get(id);
    if (source == null) {
      throw wrong("from", "a source of " + Catalogue.SOURCES);
    }
    return source;
  }

  private Figure quantity(
      String key, @Nullable Object written, Unit.Dimension dimension, Provenance provenance) {
    String text = String.valueOf(written);
    int space = text.indexOf(' ');
    String number = space < 0 ? text : text.substring(0, space);
    String symbol = space < 0 ? "" : text.substring(space + 1);
    try {
      Unit unit = Unit.of(symbol, dimension).orElseThrow();
      return new Figure(name + " " + key, Double.parseDouble(number), unit, provenance);
    } catch (NoSuchElementException | IllegalArgumentException _) {
      throw new CatalogueException(
          where + " " + key, text, dimension.units() + ", finite and not below 0");
    }
  }

  private @Nullable Object value(String key) {
    asked.add(key);
    return values.get(key);
  }

  private CatalogueException wrong(String key, String expected) {
    return new CatalogueException(
        where + " " + key, has(key) ? String.valueOf(values.get(key)) : "missing", expected);
  }
}
