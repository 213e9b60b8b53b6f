package dev.sluice.loadtest.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {
  private Figures() {}

  /** A quantile in milliseconds; ∞ among the failures, – when the sample cannot carry it. */
  static String millis(LatencySample sample, double probability) {
    return millis(sample.quantile(probability));
  }

  /** A quantile in milliseconds; ∞ among the failures, – when the sample cannot carry it. */
  static String millis(Quantile quantile) {
    return switch (quantile) {
      case Quantile.Known(long nanos) -> millis(nanos);
      case Quantile.Endless() -> "∞";
      case Quantile.Withheld(int _, int _) -> "–";
    };
  }

  /** Milliseconds with three significant digits, more above 1 s. */
  static String millis(long nanos) {
    return shortened(nanos / 1e6);
  }

  /** Three significant digits, more above 1000. */
  static String shortened(double value) {
    double size = Math.abs(value);
    int decimals = size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A load in multiples of the trace's own rate. */
  static String scale(double rateScale) {
    BigDecimal rounded = new BigDecimal(rateScale).setScale(3, RoundingMode.HALF_EVEN);
    return rounded.stripTrailingZeros().toPlainString() + "×";
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }
}
