package dev.sluice.loadtest.report;

/**
 * Student's t distribution, by its regularised incomplete beta function (continued fraction of
 * Lentz as in Press et al., Numerical Recipes, section 6.4). Only {@link StrictMath}, so that every
 * machine finds the same digits.
 */
final class StudentT {
  private static final int MAX_TERMS = 300;
  private static final int MAX_STEPS = 200;
  private static final double TINY = 1e-300;
  private static final double PRECISION = 1e-15;

  private StudentT() {}

  /** The value that is exceeded with a probability of {@code tail}, below one half. */
  static double exceededWith(double tail, double degrees) {
    double low = 0;
    double high = 1;
    while (tail(high, degrees) > tail && high < 1e12) {
      low = high;
      high *= 2;
    }
    // Newton's step on the logarithm of the tail, which is nearly straight; halved where it leaves.
    double value = (low + high) / 2;
    for (int i = 0; i < MAX_STEPS && high - low > 1e-12 * high; i++) {
      double found = tail(value, degrees);
      if (found > tail) {
        low = value;
      } else {
        high = value;
      }
      double step = StrictMath.log(found / tail) * found / density(value, degrees);
      if (Math.abs(step) < 1e-13 * value) {
        return value;
      }
      double next = value + step;
      value = next > low && next < high ? next : (low + high) / 2;
    }
    return value;
  }

  private static double density(double t, double degrees) {
    return StrictMath.exp(
        logGamma((degrees + 1) / 2)
            - logGamma(degrees / 2)
            - (degrees + 1) / 2 * StrictMath.log1p(t * t / degrees)
            - StrictMath.log(degrees * Math.PI) / 2);
  }

  /** P(T &gt; t) for t ≥ 0. */
  static double tail(double t, double degrees) {
    return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  }

  private static double incompleteBeta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    double front =
        StrictMath.exp(
            logGamma(a + b)
                - logGamma(a)
                - logGamma(b)
                + a * StrictMath.log(x)
                + b * StrictMath.log1p(-x));
    return x < (a + 1) / (a + b + 2)
        ? front * continuedFraction(x, a, b) / a
        : 1 - front * continuedFraction(1 - x, b, a) / b;
  }

  private static double continuedFraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m <= MAX_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / notZero(1 + even * d);
      c = notZero(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / notZero(1 + odd * d);
      c = notZero(1 + odd / c);
      value *= d * c;
      if (Math.abs(d * c - 1) < PRECISION) {
        break;
      }
    }
    return value;
  }

  private static double notZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /** ln Γ(x) for x &gt; 0: Stirling's series above 15, the recurrence below. */
  private static double logGamma(double x) {
    double shift = 0;
    double z = x;
    while (z < 15) {
      shift += StrictMath.log(z);
      z++;
    }
    double inverse = 1 / z;
    double square = inverse * inverse;
    double series =
        inverse * (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square / 1680)));
    return (z - 0.5) * StrictMath.log(z) - z + StrictMath.log(2 * Math.PI) / 2 + series - shift;
  }
}
