package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The kinds of single values that the file knows. */
final class Shapes {

  private static final int MOST_NAME = 128;

  private Shapes() {}

  /** A name: letters, digits and {@code . _ : / -}. */
  static final Scalar<String> NAME =
      new ScalarShape<>(
          // a name of digits is a number to YAML
          List.of(Tag.STR, Tag.INT, Tag.FLOAT),
          text -> isName(text) ? text : null,
          "1 to 128 characters of A-Z a-z 0-9 . _ : / -",
          schema("type", List.of("string", "number"), "pattern", "^[A-Za-z0-9._:/-]{1,128}$"));

  /** Any text. */
  static final Scalar<String> TEXT =
      new ScalarShape<>(
          List.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL),
          text -> text.isEmpty() ? null : text,
          "a text",
          schema("type", List.of("string", "number", "boolean"), "minLength", 1));

  static final Scalar<Boolean> FLAG =
      new ScalarShape<>(
          List.of(Tag.BOOL),
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
              },
          "true or false",
          schema("type", "boolean"));

  /** A length of time above zero. */
  static final Scalar<Duration> DURATION =
      new ScalarShape<>(
          List.of(Tag.STR),
          Quantities::duration,
          "a length of time above zero with us, ms, s, m or h, such as 300ms",
          schema("type", "string", "pattern", Quantities.DURATION_PATTERN));

  /** A host and a port. */
  static final Scalar<GatewayConfig.Address> ADDRESS =
      new ScalarShape<>(
          List.of(Tag.STR),
          Quantities::address,
          "HOST:PORT with a port of 0..65535, IPv6 in brackets",
          schema("type", "string", "pattern", Quantities.ADDRESS_PATTERN));

  /** A power above zero. */
  static final Scalar<Double> WATTS =
      new ScalarShape<>(
          List.of(Tag.STR),
          Quantities::watts,
          "a power above zero with W, kW or MW, such as 40kW",
          schema("type", "string", "pattern", Quantities.WATTS_PATTERN));

  /** A share of a whole: above 0, at most 1. */
  static final Scalar<Double> SHARE =
      new ScalarShape<>(
          List.of(Tag.INT, Tag.FLOAT),
          text -> {
            Double value = Quantities.number(text);
            return value == null || !(value > 0 && value <= 1) ? null : value;
          },
          "a number above 0 and at most 1",
          schema("type", "number", "exclusiveMinimum", 0, "maximum", 1));

  /** Whether {@code text} can be a name. */
  static boolean isName(String text) {
    return !text.isEmpty() && text.length() <= MOST_NAME && Quantities.isWord(text, "._:/-");
  }

  /** A number of bytes. */
  static Scalar<Integer> bytes(int least, int most) {
    return new ScalarShape<>(
        List.of(Tag.STR, Tag.INT),
        text -> {
          Integer bytes = Quantities.bytes(text);
          return bytes == null || bytes < least || bytes > most ? null : bytes;
        },
        "a size of " + least + ".." + most + " bytes, such as 64KiB or 4MiB",
        schema(
            "type",
            List.of("string", "integer"),
            "pattern",
            Quantities.BYTES_PATTERN,
            "minimum",
            least,
            "maximum",
            most));
  }

  /** A whole number of {@code least..most}. */
  static Scalar<Long> whole(long least, long most) {
    return new ScalarShape<>(
        List.of(Tag.INT),
        text -> {
          long value = Long.parseLong(text);
          return value < least || value > most ? null : value;
        },
        most == Long.MAX_VALUE
            ? "a whole number of at least " + least
            : "a whole number of " + least + ".." + most,
        schema("type", "integer", "minimum", least, "maximum", most));
  }

  /** A finite number above zero. */
  static Scalar<Double> numberAboveZero() {
    return number(value -> value > 0, "a number above 0", "exclusiveMinimum");
  }

  /** A finite number of at least zero. */
  static Scalar<Double> numberFromZero() {
    return number(value -> value >= 0, "a number of at least 0", "minimum");
  }

  private static Scalar<Double> number(DoublePredicate fits, String expected, String bound) {
    return new ScalarShape<>(
        List.of(Tag.INT, Tag.FLOAT),
        text -> {
          Double value = Quantities.number(text);
          return value == null || !fits.test(value) ? null : value;
        },
        expected,
        schema("type", "number", bound, 0));
  }

  /** Any finite number. */
  static Scalar<Double> number() {
    return new ScalarShape<>(
        List.of(Tag.INT, Tag.FLOAT), Quantities::number, "a number", schema("type", "number"));
  }

  /** A tree of JSON with these keys and values, in this order. */
  static Map<String, Object> schema(Object... keysAndValues) {
    Map<String, Object> schema = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      schema.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return schema;
  }
}
