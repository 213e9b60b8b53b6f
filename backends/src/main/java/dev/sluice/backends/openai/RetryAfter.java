package dev.sluice.backends.openai;

import dev.sluice.backends.openai.http.ResponseHead;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long a server asks to be left alone, in the several ways that they say it. */
final class RetryAfter {

  private static final long MOST_SECONDS = 600;

  /** Seconds from here on are an instant, since 1970. */
  private static final double LEAST_INSTANT_SECONDS = 1e9;

  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

  private RetryAfter() {}

  /**
   * The length in nanoseconds; 0 when nothing is said that can be read.
   *
   * @param resets headers that tell when a limit ends
   */
  static long nanos(ResponseHead head, List<String> resets, Instant now) {
    double seconds = head.header("retry-after-ms").map(ms -> number(ms) / 1e3).orElse(-1.0);
    if (!(seconds >= 0)) {
      seconds = head.header("retry-after").map(value -> seconds(value, now)).orElse(-1.0);
    }
    if (!(seconds >= 0)) {
      seconds = ofLimits(head, resets, now, true);
    }
    return nanos(seconds);
  }

  /**
   * How long a limit is used up that the server tells with a good answer, in nanoseconds; 0 when
   * none is.
   */
  static long nanosOfUsedUp(ResponseHead head, List<String> resets, Instant now) {
    return nanos(ofLimits(head, resets, now, false));
  }

  private static long nanos(double seconds) {
    if (!(seconds > 0)) {
      return 0;
    }
    return (long) (Math.min(seconds, MOST_SECONDS) * TimeUnit.SECONDS.toNanos(1));
  }

  /**
   * The longest wait for a limit that is used up.
   *
   * @param unsaid whether one is, of which it is not said what is left
   */
  private static double ofLimits(
      ResponseHead head, List<String> resets, Instant now, boolean unsaid) {
    double longest = -1;
    for (String reset : resets) {
      Optional<String> left = head.header(reset.replace("-reset-", "-remaining-"));
      Optional<String> value = head.header(reset);
      double count = left.map(RetryAfter::number).orElse(-1.0);
      boolean isUsedUp = count == 0 || (count < 0 && unsaid);
      if (value.isPresent() && isUsedUp) {
        longest = Math.max(longest, seconds(value.get(), now));
      }
    }
    return longest;
  }

  private static double seconds(String value, Instant now) {
    double plain = number(value);
    if (plain >= LEAST_INSTANT_SECONDS) {
      return plain - now.toEpochMilli() / 1e3;
    }
    if (plain >= 0) {
      return plain;
    }
    double parts = parts(value);
    return parts >= 0 ? parts : date(value, now);
  }

  /** Such as {@code 2m59.56s}. */
  private static double parts(String value) {
    Matcher part = PART.matcher(value);
    double seconds = 0;
    int end = 0;
    while (end < value.length() && part.find(end) && part.start() == end) {
      seconds += Double.parseDouble(part.group(1)) * unitSeconds(part.group(2));
      end = part.end();
    }
    return end > 0 && end == value.length() ? seconds : -1;
  }

  private static double unitSeconds(String unit) {
    return switch (unit) {
      case "ms" -> 1e-3;
      case "m" -> 60;
      case "h" -> 3_600;
      case "d" -> 86_400;
      default -> 1;
    };
  }

  private static double date(String value, Instant now) {
    try {
      Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
      return Math.max(0, until.toEpochMilli() - now.toEpochMilli()) / 1e3;
    } catch (DateTimeException _) {
      return -1;
    }
  }

  private static double number(String value) {
    try {
      double number = Double.parseDouble(value);
      return Double.isFinite(number) ? number : -1;
    } catch (NumberFormatException _) {
      return -1;
    }
  }
}
