package dev.sluice.gateway.transport;

import com.google.protobuf.Duration;
import dev.sluice.gateway.core.request.Budget;
import java.util.List;
import java.util.Locale;

/**
 * Reads a request's budget from its message and its headers.
 *
 * <p>Header names are llm-d's, in both spellings, plus {@code x-slo-e2e-ms}; values are decimal
 * milliseconds. The message beats the headers. Zero, negative, not a number, infinite, unreadable,
 * or two values that differ are errors: a budget is never ignored.
 */
public final class Budgets {

  /**
   * Longest budget that can be counted in nanoseconds with room to add a clock reading: 100 years.
   */
  private static final double MOST_MILLIS = 3.2e12;

  private static final List<HeaderName> FIRST_TOKEN =
      List.of(HeaderName.of("x-llm-d-slo-ttft-ms"), HeaderName.of("x-slo-ttft-ms"));
  private static final List<HeaderName> PER_TOKEN =
      List.of(HeaderName.of("x-llm-d-slo-tpot-ms"), HeaderName.of("x-slo-tpot-ms"));
  private static final List<HeaderName> TOTAL = List.of(HeaderName.of("x-slo-e2e-ms"));

  private Budgets() {}

  /**
   * What the message itself says of its budget, in nanoseconds; 0 where it says nothing.
   *
   * @param firstTokenNanos to the first token
   * @param perTokenNanos for each token after it
   * @param totalNanos to the last one
   */
  public record Said(long firstTokenNanos, long perTokenNanos, long totalNanos) {
    /** Nothing. */
    public static final Said NOTHING = new Said(0, 0, 0);
  }

  /**
   * The budget of a request; parts that are not said are 0. Headers are read even where the message
   * beats them: what is malformed is refused wherever it stands.
   */
  public static Budget read(Said said, Headers headers) throws UnreadableException {
    return new Budget(
        either(said.firstTokenNanos, fromHeaders(FIRST_TOKEN, headers)),
        either(said.perTokenNanos, fromHeaders(PER_TOKEN, headers)),
        either(said.totalNanos, fromHeaders(TOTAL, headers)));
  }

  private static long either(long fromMessage, long fromHeaders) {
    return fromMessage > 0 ? fromMessage : fromHeaders;
  }

  /** What a {@code sluice.v1.Budget} says. */
  static Said said(dev.sluice.v1.Budget message) throws UnreadableException {
    return new Said(
        message.hasTimeToFirstToken()
            ? nanos("budget.time_to_first_token", message.getTimeToFirstToken())
            : 0,
        message.hasTimePerOutputToken()
            ? nanos("budget.time_per_output_token", message.getTimePerOutputToken())
            : 0,
        message.hasTotal() ? nanos("budget.total", message.getTotal()) : 0);
  }

  private static long nanos(String field, Duration duration) throws UnreadableException {
    double millis = duration.getSeconds() * 1e3 + duration.getNanos() / 1e6;
    if (!(millis > 0) || Math.abs(duration.getNanos()) > 999_999_999) {
      throw UnreadableException.budget(
          "%s: %d s %d ns (expected: above zero)"
              .formatted(field, duration.getSeconds(), duration.getNanos()));
    }
    return nanos(millis);
  }

  private static long fromHeaders(List<HeaderName> names, Headers headers)
      throws UnreadableException {
    String firstName = "";
    String firstValue = "";
    double found = 0;
    for (HeaderName name : names) {
      Iterable<String> values = headers.all(name);
      if (values == null) {
        continue;
      }
      for (String value : values) {
        double millis = millis(name.text(), value);
        if (found > 0 && millis != found) {
          throw UnreadableException.budget(
              "%s: %s contradicts %s: %s (expected: one value)"
                  .formatted(name.text(), printable(value), firstName, printable(firstValue)));
        }
        if (found == 0) {
          found = millis;
          firstName = name.text();
          firstValue = value;
        }
      }
    }
    return nanos(found);
  }

  /**
   * Nanoseconds of what {@code value}, in decimal milliseconds, says; {@code name} is its place.
   */
  public static long nanos(String name, String value) throws UnreadableException {
    return nanos(millis(name, value));
  }

  private static double millis(String name, String value) throws UnreadableException {
    double millis;
    try {
      millis = isDecimal(value) ? Double.parseDouble(value) : Double.NaN;
    } catch (NumberFormatException e) {
      millis = Double.NaN;
    }
    if (!(millis > 0) || Double.isInfinite(millis)) {
      throw UnreadableException.budget(
          "%s: %s (expected: decimal milliseconds above zero)".formatted(name, printable(value)));
    }
    return millis;
  }

  /** Java also reads "1f", "0x1p3" and " 1 ", which no other server would. */
  private static boolean isDecimal(String value) {
    if (value.isEmpty() || value.length() > 32) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static long nanos(double millis) {
    return millis == 0 ? 0 : Math.max(1, (long) (Math.min(millis, MOST_MILLIS) * 1e6));
  }

  /** The value for an error message: cut, and without control characters. */
  private static String printable(String value) {
    String cut = value.length() > 32 ? value.substring(0, 32) + "…" : value;
    return "'" + cut.replaceAll("[^\\x20-\\x7e…]", "?").toLowerCase(Locale.ROOT) + "'";
  }
}
