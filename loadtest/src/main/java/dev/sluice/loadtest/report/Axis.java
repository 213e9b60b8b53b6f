package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale of values along one side of a chart.
 *
 * @param low value at its start
 * @param high value at its end
 * @param logarithmic whether equal distances are equal ratios
 * @param ticks where it is labelled
 */
record Axis(double low, double high, boolean logarithmic, List<Tick> ticks) {
  /** A labelled value. */
  record Tick(double value, String label) {}

  Axis {
    ticks = List.copyOf(ticks);
    if (!(low < high)) {
      throw new IllegalArgumentException("axis: " + low + " … " + high + " (expected: low < high)");
    }
  }

  /** Position 0 … 1 of a value; what lies outside is moved to the nearer end. */
  double position(double value) {
    double share =
        logarithmic
            ? StrictMath.log(value / low) / StrictMath.log(high / low)
            : (value - low) / (high - low);
    return Math.clamp(share, 0, 1);
  }

  /** From 0 to a round value that is not below the highest. */
  static Axis from0(double highest, String unit) {
    double step = roundStep(Math.max(highest, 1e-9) / 4);
    return linear(0, step * Math.ceil(Math.max(highest, 1e-9) / step - 1e-9), step, unit);
  }

  /** From 0 to exactly this length. */
  static Axis time(double seconds) {
    double unit = seconds < 300 ? 1 : seconds < 4 * 3600 ? 60 : 3600;
    String name = unit == 1 ? " s" : unit == 60 ? " min" : " h";
    double step = roundStep(seconds / unit / 4) * unit;
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i * step <= seconds * (1 + 1e-9); i++) {
      ticks.add(new Tick(i * step, number(i * step / unit) + name));
    }
    return new Axis(0, seconds, false, ticks);
  }

  /** Shares up to 1, from a round value that is not above the lowest. */
  static Axis sharesTo1(double lowest) {
    double step = lowest < 0.5 ? 0.2 : lowest < 0.8 ? 0.1 : lowest < 0.9 ? 0.05 : 0.02;
    // where all is attained, one step is shown all the same
    double low = Math.clamp(Math.floor(lowest / step + 1e-9) * step, 0, 1 - step);
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; low + i * step <= 1 + 1e-9; i++) {
      ticks.add(new Tick(low + i * step, number(100 * (low + i * step)) + " %"));
    }
    return new Axis(low, 1, false, ticks);
  }

  /** Times on a logarithmic scale, in whole decades. */
  static Axis decades(double lowestNanos, double highestNanos) {
    int first = (int) Math.floor(StrictMath.log10(Math.max(1, lowestNanos)) + 1e-9);
    int last = Math.max(first + 1, (int) Math.ceil(StrictMath.log10(highestNanos) - 1e-9));
    List<Tick> ticks = new ArrayList<>();
    for (int decade = first; decade <= last; decade++) {
      ticks.add(new Tick(StrictMath.pow(10, decade), decadeLabel(decade)));
    }
    return new Axis(StrictMath.pow(10, first), StrictMath.pow(10, last), true, ticks);
  }

  private static String decadeLabel(int decade) {
    String unit = decade < 6 ? " µs" : decade < 9 ? " ms" : " s";
    int below = decade < 6 ? 3 : decade < 9 ? 6 : 9;
    return number(StrictMath.pow(10, decade - below)) + unit;
  }

  private static Axis linear(double low, double high, double step, String unit) {
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; low + i * step <= high + step * 1e-9; i++) {
      ticks.add(new Tick(low + i * step, number(low + i * step) + unit));
    }
    return new Axis(low, high, false, ticks);
  }

  /** The least of 1, 2, 5, 10 … that is not below. */
  private static double roundStep(double atLeast) {
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10(atLeast)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= atLeast * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** At most three decimals, and none that is not needed. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.replaceFirst("\\.?0+$", "");
  }
}
