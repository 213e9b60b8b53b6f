package dev.sluice.loadtest.workload;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What is known of one client: how its requests arrive in each window of 600 s and how long they
 * are in each block of hours.
 *
 * @param name of the client
 * @param windows in the order of time; idle ones are left out
 * @param lengths by the second at which their block starts
 */
record ClientProfile(String name, List<Window> windows, NavigableMap<Long, Lengths> lengths) {
  /** Length of a window, as published. */
  static final long WINDOW_SECONDS = 600;

  /**
   * Ten million requests of one client in a window: far above any client, and still some memory.
   */
  private static final double MAX_RATE = 10_000_000.0 / WINDOW_SECONDS;

  /**
   * A fitted arrival process.
   *
   * @param startSeconds when the window starts
   * @param rate requests a second
   * @param family of the gaps
   * @param shape of the family; its scale is that which fills the window
   */
  record Window(long startSeconds, double rate, Family family, double shape) {
    Window {
      if (startSeconds < 0 || !(rate > 0 && rate <= MAX_RATE) || !(shape >= 1e-4 && shape <= 1e4)) {
        throw new IllegalArgumentException(
            "window: start %d s, %s req/s, shape %s (expected: 0 …, above 0, 0.0001 … 10000)"
                .formatted(startSeconds, rate, shape));
      }
    }
  }

  /** Families of gaps. */
  enum Family {
    GAMMA,
    WEIBULL;

    /** A gap of this shape, in units of its own. */
    double draw(double shape, RandomGenerator random) {
      return switch (this) {
        case GAMMA -> new ArrivalProcess.Gamma(1 / Math.sqrt(shape)).drawGap(random);
        case WEIBULL -> StrictMath.pow(-StrictMath.log(1 - random.nextDouble()), 1 / shape);
      };
    }
  }

  /** Token counts of prompts and answers, which are drawn independently. */
  record Lengths(Weighted input, Weighted output) {}

  /** Values with probabilities, which need not add up to 1. */
  static final class Weighted {
    private final int[] values;
    private final double[] cumulative;

    Weighted(int[] values, double[] probabilities) {
      this.values = values.clone();
      cumulative = probabilities.clone();
      if (values.length == 0 || values.length != probabilities.length) {
        throw new IllegalArgumentException(
            "distribution: %d values, %d probabilities (expected: as many, at least one)"
                .formatted(values.length, probabilities.length));
      }
      for (int i = 0; i < values.length; i++) {
        if (values[i] < 1 || values[i] > TraceLine.MAX_TOKENS || !(cumulative[i] >= 0)) {
          throw new IllegalArgumentException(
              "distribution: %d tokens with probability %s (expected: 1 …, 0 …)"
                  .formatted(values[i], cumulative[i]));
        }
        cumulative[i] += i == 0 ? 0 : cumulative[i - 1];
      }
      if (!(total() > 0 && total() < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "distribution: total probability " + total() + " (expected: above 0)");
      }
    }

    private double total() {
      return cumulative[cumulative.length - 1];
    }

    int draw(RandomGenerator random) {
      double point = random.nextDouble() * total();
      int found = Arrays.binarySearch(cumulative, point);
      // The first value whose cumulative probability is above the point: equal ones have none.
      int index = found >= 0 ? found + 1 : -found - 1;
      while (index < values.length - 1 && cumulative[index] <= point) {
        index++;
      }
      return values[Math.min(index, values.length - 1)];
    }
  }

  ClientProfile {
    windows = List.copyOf(windows);
    lengths = new TreeMap<>(lengths);
    for (int i = 0; i < windows.size(); i++) {
      long start = windows.get(i).startSeconds();
      if (i > 0 && start < windows.get(i - 1).startSeconds() + WINDOW_SECONDS) {
        throw new IllegalArgumentException(
            "window: start %d s (expected: 600 s or more after the one before)".formatted(start));
      }
      if (lengths.floorKey(start) == null) {
        throw new IllegalArgumentException(
            "window: start %d s (expected: lengths of a block that holds it)".formatted(start));
      }
    }
  }

  Lengths lengthsAt(long seconds) {
    return lengths.floorEntry(seconds).getValue();
  }
}
