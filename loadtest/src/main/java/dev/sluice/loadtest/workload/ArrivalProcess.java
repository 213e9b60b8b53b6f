package dev.sluice.loadtest.workload;

import java.util.random.RandomGenerator;

/** How the gaps between arrivals are drawn, in units of the mean gap. */
public sealed interface ArrivalProcess {
  /** The next gap, 1 on average. */
  double drawGap(RandomGenerator random);

  /** Independent arrivals: exponential gaps. */
  record Poisson() implements ArrivalProcess {
    @Override
    public double drawGap(RandomGenerator random) {
      return -StrictMath.log(1 - random.nextDouble());
    }
  }

  /** Equal gaps. */
  record Constant() implements ArrivalProcess {
    @Override
    public double drawGap(RandomGenerator random) {
      return 1;
    }
  }

  /**
   * Gamma gaps: as bursty as asked.
   *
   * @param variation coefficient of variation of the gaps: below 1 smoother, above 1 burstier than
   *     Poisson
   */
  record Gamma(double variation) implements ArrivalProcess {
    public Gamma {
      if (!(variation > 0 && variation <= 100)) {
        throw new IllegalArgumentException(
            "arrival: gamma:" + variation + " (expected: a variation above 0, up to 100)");
      }
    }

    @Override
    public double drawGap(RandomGenerator random) {
      double shape = 1 / (variation * variation);
      if (shape >= 1) {
        return drawMarsagliaTsang(shape, random) / shape;
      }
      // A shape below 1 is drawn one higher and scaled back by a uniform power (same reference).
      double boost = StrictMath.pow(1 - random.nextDouble(), 1 / shape);
      return drawMarsagliaTsang(shape + 1, random) * boost / shape;
    }

    /** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; shape ≥ 1. */
    private static double drawMarsagliaTsang(double shape, RandomGenerator random) {
      double d = shape - 1.0 / 3;
      double c = 1 / Math.sqrt(9 * d);
      while (true) {
        double normal = random.nextGaussian();
        double cubeRoot = 1 + c * normal;
        if (cubeRoot <= 0) {
          continue;
        }
        double v = cubeRoot * cubeRoot * cubeRoot;
        double bound = 0.5 * normal * normal + d - d * v + d * StrictMath.log(v);
        if (StrictMath.log(1 - random.nextDouble()) < bound) {
          return d * v;
        }
      }
    }
  }

  /** Reads {@code poisson}, {@code constant} or {@code gamma:CV}. */
  static ArrivalProcess parse(String text) {
    if (text.equals("poisson")) {
      return new Poisson();
    }
    if (text.equals("constant")) {
      return new Constant();
    }
    if (text.startsWith("gamma:")) {
      try {
        return new Gamma(Double.parseDouble(text.substring("gamma:".length())));
      } catch (NumberFormatException _) {
        // falls through to the same complaint as any other unreadable value
      }
    }
    throw new IllegalArgumentException(
        "arrival: " + text + " (expected: poisson, constant or gamma:CV)");
  }
}
