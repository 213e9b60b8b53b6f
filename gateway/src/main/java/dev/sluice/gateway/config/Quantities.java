package dev.sluice.gateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads numbers with units: {@code 300ms}, {@code 1.5s}, {@code 4MiB}, {@code host:port}. */
final class Quantities {

  /** A length of time above zero. */
  static final String DURATION_PATTERN = "^(?=.*[1-9])[0-9]{1,15}(\\.[0-9]{1,6})?(us|ms|s|m|h)$";

  static final String BYTES_PATTERN = "^[0-9]{1,10}(B|KiB|MiB)$";

  /** A power above zero. */
  static final String WATTS_PATTERN = "^(?=.*[1-9])[0-9]{1,9}(\\.[0-9]{1,6})?(W|kW|MW)$";

  static final String ADDRESS_PATTERN =
      "^([A-Za-z0-9._-]{1,253}|\\[[A-Za-z0-9.:%_-]{2,64}\\]):[0-9]{1,5}$";

  /** Longest length of time: a year is more than anything here can mean. */
  private static final long MOST_NANOS = 32_000_000_000_000_000L;

  /** So many that an hour in nanoseconds, times the decimals as a number, fits a long. */
  private static final int MOST_DECIMALS = 6;

  /** No number of the file needs more digits; parsing takes the square of their count. */
  private static final int MOST_DIGITS = 40;

  private static final int MOST_HOST = 253;
  private static final int MOST_PORT = 65_535;

  private Quantities() {}

  static @Nullable Duration duration(String text) {
    int wholeEnd = digitsFrom(text, 0);
    int end = wholeEnd;
    if (wholeEnd < text.length() && text.charAt(wholeEnd) == '.') {
      end = digitsFrom(text, wholeEnd + 1);
      if (end == wholeEnd + 1 || end > wholeEnd + 1 + MOST_DECIMALS) {
        return null;
      }
    }
    long unitNanos = unitNanos(text.substring(end));
    if (unitNanos == 0 || wholeEnd == 0) {
      return null;
    }
    long nanos = Math.multiplyExact(Long.parseLong(text, 0, wholeEnd, 10), unitNanos);
    if (end > wholeEnd) {
      nanos += fractionNanos(text.substring(wholeEnd + 1, end), unitNanos);
    }
    return nanos > 0 && nanos <= MOST_NANOS ? Duration.ofNanos(nanos) : null;
  }

  private static long fractionNanos(String decimals, long unitNanos) {
    long nanos = Long.parseLong(decimals) * unitNanos;
    for (int i = 0; i < decimals.length(); i++) {
      nanos /= 10;
    }
    return nanos;
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> 0;
    };
  }

  /** A length of time as the file would write it. */
  static String text(Duration length) {
    String[] units = {"h", "m", "s", "ms", "us"};
    for (String unit : units) {
      long unitNanos = unitNanos(unit);
      if (length.toNanos() % unitNanos == 0) {
        return length.toNanos() / unitNanos + unit;
      }
    }
    return length.toNanos() + "ns";
  }

  static @Nullable Integer bytes(String text) {
    int digits = digitsFrom(text, 0);
    int unit =
        switch (text.substring(digits)) {
          case "", "B" -> 1;
          case "KiB" -> 1024;
          case "MiB" -> 1024 * 1024;
          default -> 0;
        };
    return digits == 0 || unit == 0
        ? null
        : Math.multiplyExact(Integer.parseInt(text.substring(0, digits)), unit);
  }

  /** Watts above zero. */
  static @Nullable Double watts(String text) {
    if (!text.matches(WATTS_PATTERN)) {
      return null;
    }
    int unit = text.length() - (text.endsWith("kW") || text.endsWith("MW") ? 2 : 1);
    double scale = text.endsWith("kW") ? 1e3 : text.endsWith("MW") ? 1e6 : 1;
    return Double.parseDouble(text.substring(0, unit)) * scale;
  }

  /** A finite number. */
  static @Nullable Double number(String text) {
    if (text.length() > MOST_DIGITS) {
      return null;
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? value : null;
  }

  static GatewayConfig.@Nullable Address address(String text) {
    int colon = text.lastIndexOf(':');
    String digits = text.substring(colon + 1);
    if (colon < 1 || digits.isEmpty() || digits.length() > 5 || !isDigits(digits)) {
      return null;
    }
    int port = Integer.parseInt(digits);
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    boolean fits = bracketed ? isHost(host, ".:%_-", 2, 64) : isHost(host, "._-", 1, MOST_HOST);
    return fits && port <= MOST_PORT ? new GatewayConfig.Address(host, port) : null;
  }

  private static boolean isHost(String text, String others, int least, int most) {
    return text.length() >= least && text.length() <= most && isWord(text, others);
  }

  /** Whether {@code text} has only letters and digits of ASCII and {@code others}. */
  static boolean isWord(String text, String others) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && others.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigits(String text) {
    return digitsFrom(text, 0) == text.length();
  }

  /** Index of the first character from {@code start} on that is no digit of ASCII. */
  private static int digitsFrom(String text, int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
