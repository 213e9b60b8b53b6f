package dev.sluice.backends.emulated.fault;

import io.grpc.Status;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ways to misbehave as people write them: {@code late=2s,die-after=20}. */
public final class MisbehaviourText {

  /** What there is, as messages and the help of options say it. */
  public static final String GRAMMAR =
      "refuse[=CODE[/PUSHBACK]], silent, late=T, slow=X, drip=T, stall-after=N, die-after=N,"
          + " fail-after=N[/CODE], short[=N], overclaim=N, duplicate=N, gap=N, garbage=N,"
          + " goaway[=N], flap=T";

  private static final Pattern SPAN = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)(us|ms|s|m|h)");

  private static final String COUNT = "a whole number of at least 0";
  private static final String LENGTH = "a length of time such as 250ms or 2s, above 0";

  private MisbehaviourText() {}

  /**
   * Reads a comma-separated list; an empty text is an empty list.
   *
   * @throws IllegalArgumentException naming the way, its value and what is expected
   */
  public static List<Misbehaviour> parse(String text) {
    List<Misbehaviour> ways = new ArrayList<>();
    if (!text.isBlank()) {
      for (String each : text.split(",", -1)) {
        ways.add(one(each.strip()));
      }
    }
    return List.copyOf(ways);
  }

  private static Misbehaviour one(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    String value = equals < 0 ? null : text.substring(equals + 1);
    return switch (name) {
      case "refuse" -> refuse(value);
      case "silent" -> {
        require(value == null, name, value, "no value");
        yield new Misbehaviour.Silent();
      }
      case "late" -> new Misbehaviour.Late(length(name, value));
      case "slow" -> new Misbehaviour.Slow(factor(value));
      case "drip" -> new Misbehaviour.Drip(length(name, value));
      case "stall-after" -> new Misbehaviour.StallAfter(count(name, value));
      case "die-after" -> new Misbehaviour.DieAfter(count(name, value));
      case "fail-after" -> failAfter(value);
      case "short" ->
          new Misbehaviour.CutShort(value == null ? Integer.MAX_VALUE : count(name, value));
      case "overclaim" -> overclaim(value);
      case "duplicate" -> new Misbehaviour.Duplicate(count(name, value));
      case "gap" -> new Misbehaviour.Gap(count(name, value));
      case "garbage" -> new Misbehaviour.Garbage(count(name, value));
      case "goaway" -> new Misbehaviour.GoAway(value == null ? 0 : count(name, value));
      case "flap" -> new Misbehaviour.Flap(length(name, value));
      default -> throw wrong("misbehaviour", text, GRAMMAR);
    };
  }

  private static Misbehaviour refuse(@Nullable String value) {
    if (value == null) {
      return new Misbehaviour.Refuse(Status.Code.UNAVAILABLE, null);
    }
    int slash = value.indexOf('/');
    if (slash < 0) {
      return new Misbehaviour.Refuse(code("refuse", value), null);
    }
    String pushback = value.substring(slash + 1);
    return new Misbehaviour.Refuse(
        code("refuse", value.substring(0, slash)),
        pushback.equals("never") ? Duration.ofMillis(-1) : length("refuse", pushback));
  }

  private static Misbehaviour failAfter(@Nullable String value) {
    int slash = value == null ? -1 : value.indexOf('/');
    if (value == null || slash < 0) {
      return new Misbehaviour.FailAfter(count("fail-after", value), Status.Code.UNAVAILABLE);
    }
    return new Misbehaviour.FailAfter(
        count("fail-after", value.substring(0, slash)),
        code("fail-after", value.substring(slash + 1)));
  }

  private static Misbehaviour overclaim(@Nullable String value) {
    int tokens = count("overclaim", value);
    require(tokens > 0, "overclaim", value, "a whole number above 0");
    return new Misbehaviour.Overclaim(tokens);
  }

  private static Status.Code code(String name, String value) {
    String constant = value.toUpperCase(Locale.ROOT).replace('-', '_');
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK && code.name().equals(constant)) {
        return code;
      }
    }
    throw wrong(name, value, "a gRPC status other than OK, such as RESOURCE_EXHAUSTED");
  }

  private static int count(String name, @Nullable String value) {
    require(value != null && value.matches("\\d{1,9}"), name, value, COUNT);
    return Integer.parseInt(String.valueOf(value));
  }

  private static double factor(@Nullable String value) {
    String expected = "a number above 1 to 1000";
    try {
      double factor = Double.parseDouble(String.valueOf(value));
      require(factor > 1 && factor <= Misbehaviour.Slow.GREATEST, "slow", value, expected);
      return factor;
    } catch (NumberFormatException _) {
      throw wrong("slow", value, expected);
    }
  }

  private static Duration length(String name, @Nullable String value) {
    Matcher matcher = SPAN.matcher(String.valueOf(value));
    require(matcher.matches(), name, value, LENGTH);
    double nanos = Double.parseDouble(matcher.group(1)) * unitNanos(matcher.group(2));
    require(nanos >= 1, name, value, LENGTH);
    return Duration.ofNanos(Math.round(nanos));
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> throw new IllegalStateException(unit);
    };
  }

  /** A length of time in a form that {@link #parse} reads. */
  static String span(Duration length) {
    long nanos = length.toNanos();
    if (nanos % 1_000_000_000L == 0) {
      return nanos / 1_000_000_000L + "s";
    }
    if (nanos % 1_000_000L == 0) {
      return nanos / 1_000_000L + "ms";
    }
    return BigDecimal.valueOf(nanos, 3).stripTrailingZeros().toPlainString() + "us";
  }

  private static void require(boolean holds, String name, @Nullable String value, String expected) {
    if (!holds) {
      throw wrong(name, value, expected);
    }
  }

  private static IllegalArgumentException wrong(
      String name, @Nullable String value, String expected) {
    return new IllegalArgumentException(
        name
            + ": "
            + (value == null || value.isEmpty() ? "none" : value)
            + " (expected: "
            + expected
            + ")");
  }
}
