package dev.sluice.loadtest.workload;

/** Decimal amounts of time as whole nanoseconds, exact where they are written without exponent. */
final class Decimals {
  /** About 73 years: no trace is longer, and sums of a few stay far from overflow. */
  private static final long MAX_NANOS = Long.MAX_VALUE / 4;

  private Decimals() {}

  /**
   * The nanoseconds in an amount of a unit.
   *
   * @param decimals decimal places after which a nanosecond is reached: 9 for seconds, 6 for
   *     milliseconds
   * @throws Malformed when the text is no number from 0 to 73 years
   */
  static long nanos(String name, String text, int decimals) throws Malformed {
    String digits = text.strip();
    int point = digits.indexOf('.');
    String whole = point < 0 ? digits : digits.substring(0, point);
    String fraction = point < 0 ? "0" : digits.substring(point + 1);
    if (!isDigits(whole) || !isDigits(fraction) || whole.length() > 18 - decimals) {
      return rounded(name, text, decimals);
    }
    long nanos = Long.parseLong(whole + (fraction + "000000000").substring(0, decimals));
    boolean up = fraction.length() > decimals && fraction.charAt(decimals) >= '5';
    return up ? nanos + 1 : nanos;
  }

  private static long rounded(String name, String text, int decimals) throws Malformed {
    double nanos;
    try {
      nanos = Double.parseDouble(text) * (decimals == 9 ? 1e9 : 1e6);
    } catch (NumberFormatException _) {
      nanos = Double.NaN;
    }
    if (!(nanos >= 0 && nanos <= MAX_NANOS)) {
      throw new Malformed(name + ": " + text + " (expected: a number, 0 or more)");
    }
    return Math.round(nanos);
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
