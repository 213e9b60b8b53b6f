package dev.sluice.loadtest.report;

import dev.sluice.loadtest.report.LatencySample.Quantile;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {
  private Figures() {}

  /** A quantile in milliseconds; ∞ among the failures, – when the sample cannot carry it. */
  static String millis(LatencySample sample, double probability) {
    return switch (sample.quantile(probability)) {
      case Quantile.Known(long nanos) -> millis(nanos);
      case Quantile.Endless() -> "∞";
      case Quantile.Withheld(int _, int _) -> "–";
    };
  }

  /** Milliseconds with three significant digits, more above 1 s. */
  static String millis(long nanos) {
    double millis = nanos / 1e6;
    int decimals = millis < 1 ? 3 : millis < 10 ? 2 : millis < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", millis);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }
}
