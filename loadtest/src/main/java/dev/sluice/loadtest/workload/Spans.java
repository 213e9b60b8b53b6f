package dev.sluice.loadtest.workload;

/** Lengths of time as people write them: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}. */
public final class Spans {
  private static final String EXPECTED = "a length of time such as 500us, 10ms, 2s, 5m or 1h";

  private Spans() {}

  /** The nanoseconds that a text names; always above zero. */
  public static long parseNanos(String name, String text) {
    int digits = 0;
    while (digits < text.length() && "0123456789.".indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    long unitNanos = unitNanos(text.substring(digits));
    double amount = unitNanos == 0 ? Double.NaN : amount(text.substring(0, digits));
    double nanos = amount * unitNanos;
    if (!(nanos >= 1 && nanos < Long.MAX_VALUE / 4.0)) {
      throw new IllegalArgumentException(name + ": " + text + " (expected: " + EXPECTED + ")");
    }
    return Math.round(nanos);
  }

  private static double amount(String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m", "min" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 0;
    };
  }
}
