package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Figures, differences and intervals as people read them. */
final class Wording {
  private static final double HUNDREDS = 100;

  private Wording() {}

  /** At most three decimals, and none that is not needed. */
  static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** The figure of a metric; – where it is not told, ∞ among the failures. */
  static String figure(Metric metric, double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return "∞";
    }
    if (metric == Metric.ATTAINMENT) {
      return String.format(Locale.ROOT, "%.2f %%", HUNDREDS * value);
    }
    int decimals = value < 10 ? 3 : value < 100 ? 2 : 1;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static String difference(Pair.Row row) {
    double difference = row.difference();
    return Double.isFinite(difference)
        ? String.format(Locale.ROOT, "%+.2f%s", HUNDREDS * difference, unit(row.metric()))
        : "–";
  }

  static String interval(Pair.Row row) {
    return row.interval().map(interval -> interval(interval, unit(row.metric()))).orElse("–");
  }

  private static String interval(Interval interval, String unit) {
    boolean endless = Double.isInfinite(interval.high());
    if (endless && interval.low() <= -1) {
      return "any";
    }
    String high = endless ? "any" : signed(interval.high());
    return signed(interval.low()) + " … " + high + unit;
  }

  private static String signed(double part) {
    return String.format(Locale.ROOT, "%+.2f", HUNDREDS * part);
  }

  private static String unit(Metric metric) {
    return metric == Metric.ATTAINMENT ? " points" : " %";
  }
}
