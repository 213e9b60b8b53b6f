package dev.sluice.gateway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The kinds of single values that the file knows. */
final class Shapes {

  private static final String NAME_PATTERN = "^[A-Za-z0-9._:/-]{1,128}$";
  private static final String NUMBER_PATTERN = "^[0-9]+(\\.[0-9]+)?";

  /** Longest length of time: a year is more than anything here can mean. */
  private static final BigDecimal MOST_NANOS = new BigDecimal("3.2e16");

  private Shapes() {}

  /** A name: letters, digits and {@code . _ : / -}. */
  static final Shape<String> NAME =
      new ScalarShape<>(
          text -> isName(text) ? text : null,
          "1 to 128 characters of A-Z a-z 0-9 . _ : / -",
          // a name of digits is a number to YAML
          schema("type", List.of("string", "number"), "pattern", NAME_PATTERN));

  /** Any text. */
  static final Shape<String> TEXT =
      new ScalarShape<>(
          text -> text.isEmpty() ? null : text,
          "a text",
          schema("type", List.of("string", "number", "boolean"), "minLength", 1));

  static final Shape<Boolean> FLAG =
      new ScalarShape<>(
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
              },
          "true or false",
          schema("type", "boolean"));

  /** A length of time above zero. */
  static final Shape<Duration> DURATION =
      new ScalarShape<>(
          Shapes::duration,
          "a length of time above zero with us, ms, s, m or h, such as 300ms",
          schema("type", "string", "pattern", NUMBER_PATTERN + "(us|ms|s|m|h)$"));

  /** A host and a port. */
  static final Shape<GatewayConfig.Address> ADDRESS =
      new ScalarShape<>(
          Shapes::address,
          "HOST:PORT with a port of 0..65535, IPv6 in brackets",
          schema("type", "string", "pattern", "^.+:[0-9]{1,5}$"));

  /** A number of bytes. */
  static Shape<Integer> bytes(int least, int most) {
    return new ScalarShape<>(
        text -> {
          Integer bytes = byteCount(text);
          return bytes == null || bytes < least || bytes > most ? null : bytes;
        },
        "a size of %d..%d bytes, such as 64KiB or 4MiB".formatted(least, most),
        schema("type", List.of("string", "integer"), "pattern", "^[0-9]+(B|KiB|MiB)?$"));
  }

  /** A whole number of {@code least..most}. */
  static Shape<Long> whole(long least, long most) {
    return new ScalarShape<>(
        text -> {
          long value = Long.parseLong(text);
          return value < least || value > most ? null : value;
        },
        "a whole number of %d..%d".formatted(least, most),
        schema("type", "integer", "minimum", least, "maximum", most));
  }

  /** A finite number above {@code bound}, or at least it. */
  static Shape<Double> number(double bound, boolean inclusive) {
    return new ScalarShape<>(
        text -> {
          double value = new BigDecimal(text).doubleValue();
          boolean fits = inclusive ? value >= bound : value > bound;
          return fits && Double.isFinite(value) ? value : null;
        },
        "a number " + (inclusive ? "of at least " : "above ") + plain(bound),
        schema("type", "number", inclusive ? "minimum" : "exclusiveMinimum", bound));
  }

  /** Any finite number. */
  static Shape<Double> number() {
    return new ScalarShape<>(
        text -> {
          double value = new BigDecimal(text).doubleValue();
          return Double.isFinite(value) ? value : null;
        },
        "a number",
        schema("type", "number"));
  }

  /** One of a few words. */
  static Shape<String> choice(List<String> words) {
    return new Choice(List.copyOf(words));
  }

  private record Choice(List<String> words) implements Shape<String> {
    @Override
    public @Nullable String read(Node node, String path, Reading reading) {
      if (node instanceof ScalarNode scalar && words.contains(scalar.getValue())) {
        return scalar.getValue();
      }
      String word = node instanceof ScalarNode scalar ? scalar.getValue() : "";
      reading.problem(node, Texts.at(path) + Texts.found(node) + Texts.suggestion(word, words));
      return null;
    }

    @Override
    public Map<String, Object> schema() {
      return Shapes.schema("enum", words);
    }
  }

  static Map<String, Object> schema(Object... keysAndValues) {
    Map<String, Object> schema = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      schema.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return schema;
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= 128
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || "._:/-".indexOf(c) >= 0);
  }

  private static @Nullable Duration duration(String text) {
    int digits = 0;
    while (digits < text.length() && "0123456789.".indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    long unitNanos =
        switch (text.substring(digits)) {
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 0;
        };
    if (unitNanos == 0 || digits == 0 || digits > 20) {
      return null;
    }
    BigDecimal nanos =
        new BigDecimal(text.substring(0, digits)).multiply(BigDecimal.valueOf(unitNanos));
    return nanos.compareTo(BigDecimal.ONE) < 0 || nanos.compareTo(MOST_NANOS) > 0
        ? null
        : Duration.ofNanos(nanos.longValue());
  }

  private static @Nullable Integer byteCount(String text) {
    String number = text;
    int unit = 1;
    if (text.endsWith("KiB")) {
      number = text.substring(0, text.length() - 3);
      unit = 1024;
    } else if (text.endsWith("MiB")) {
      number = text.substring(0, text.length() - 3);
      unit = 1024 * 1024;
    } else if (text.endsWith("B")) {
      number = text.substring(0, text.length() - 1);
    }
    return Math.multiplyExact(Integer.parseInt(number), unit);
  }

  private static GatewayConfig.@Nullable Address address(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return null;
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (port < 0 || port > 65535 || (!bracketed && host.contains(":"))) {
      return null;
    }
    return new GatewayConfig.Address(bracketed ? host.substring(1, host.length() - 1) : host, port);
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%s", value);
  }
}
