package dev.sluice.gateway.transport;

import com.google.protobuf.Duration;
import dev.sluice.gateway.core.request.Budget;
import io.grpc.Metadata;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's budget from its message and its metadata.
 *
 * <p>Metadata names are llm-d's, in both spellings, plus {@code x-slo-e2e-ms}; values are decimal
 * milliseconds. The message beats the metadata. Zero, negative, not a number, infinite, unreadable,
 * or two values that differ are errors: a budget is never ignored.
 */
final class Budgets {

  /**
   * Longest budget that can be counted in nanoseconds with room to add a clock reading: 100 years.
   */
  private static final double MOST_MILLIS = 3.2e12;

  private static final Part FIRST_TOKEN =
      new Part("budget.time_to_first_token", "x-llm-d-slo-ttft-ms", "x-slo-ttft-ms");
  private static final Part PER_TOKEN =
      new Part("budget.time_per_output_token", "x-llm-d-slo-tpot-ms", "x-slo-tpot-ms");
  private static final Part TOTAL = new Part("budget.total", "x-slo-e2e-ms");

  private Budgets() {}

  /** One part of a budget: its field and its metadata keys. */
  private record Part(String field, List<Metadata.Key<String>> keys) {
    Part(String field, String... names) {
      this(
          field,
          Stream.of(names)
              .map(name -> Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))
              .toList());
    }
  }

  /** The budget of a request; parts that are not said are 0. */
  static Budget read(dev.sluice.v1.@Nullable Budget message, Metadata metadata)
      throws UnreadableException {
    return new Budget(
        read(
            FIRST_TOKEN,
            message != null && message.hasTimeToFirstToken() ? message.getTimeToFirstToken() : null,
            metadata),
        read(
            PER_TOKEN,
            message != null && message.hasTimePerOutputToken()
                ? message.getTimePerOutputToken()
                : null,
            metadata),
        read(TOTAL, message != null && message.hasTotal() ? message.getTotal() : null, metadata));
  }

  /**
   * Metadata is read even where the message beats it: what is malformed is refused wherever it
   * stands.
   */
  private static long read(Part part, @Nullable Duration duration, Metadata metadata)
      throws UnreadableException {
    long fromMetadata = fromMetadata(part, metadata);
    return duration != null ? fromMessage(part, duration) : fromMetadata;
  }

  private static long fromMessage(Part part, Duration duration) throws UnreadableException {
    double millis = duration.getSeconds() * 1e3 + duration.getNanos() / 1e6;
    if (!(millis > 0) || Math.abs(duration.getNanos()) > 999_999_999) {
      throw UnreadableException.budget(
          "%s: %d s %d ns (expected: above zero)"
              .formatted(part.field, duration.getSeconds(), duration.getNanos()));
    }
    return nanos(millis);
  }

  private static long fromMetadata(Part part, Metadata metadata) throws UnreadableException {
    String firstName = "";
    String firstValue = "";
    double found = 0;
    for (Metadata.Key<String> key : part.keys) {
      Iterable<String> values = metadata.getAll(key);
      if (values == null) {
        continue;
      }
      for (String value : values) {
        double millis = millis(key.name(), value);
        if (found > 0 && millis != found) {
          throw UnreadableException.budget(
              "%s: %s contradicts %s: %s (expected: one value)"
                  .formatted(key.name(), printable(value), firstName, printable(firstValue)));
        }
        if (found == 0) {
          found = millis;
          firstName = key.name();
          firstValue = value;
        }
      }
    }
    return nanos(found);
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
