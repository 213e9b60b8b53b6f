package dev.sluice.loadtest.workload;

import java.util.random.RandomGenerator;

/**
 * Token counts by their published quantiles: linear between them, so that each is met exactly.
 *
 * @param min at probability 0
 * @param p50 median
 * @param p90 at probability 0.9
 * @param p99 at probability 0.99
 * @param max at probability 1
 */
public record LengthDistribution(int min, int p50, int p90, int p99, int max) {
  /**
   * Prompts of the Azure 2023 conversation trace (19 366 requests; Splitwise, ISCA 2024):
   * p50/p90/p99 of the whole trace, minimum and maximum of its first 40 minutes.
   */
  public static final LengthDistribution AZURE_2023_CONVERSATION_INPUT =
      new LengthDistribution(2, 1020, 2735, 4142, 14050);

  /** Answers of the same trace. */
  public static final LengthDistribution AZURE_2023_CONVERSATION_OUTPUT =
      new LengthDistribution(7, 129, 424, 601, 1000);

  public LengthDistribution {
    if (min < 1 || p50 < min || p90 < p50 || p99 < p90 || max < p99) {
      throw new IllegalArgumentException(
          "lengths: %d/%d/%d/%d/%d (expected: rising, from 1)".formatted(min, p50, p90, p99, max));
    }
  }

  /** A length. */
  public int draw(RandomGenerator random) {
    return at(random.nextDouble());
  }

  /** The length that a share of {@code probability} does not exceed. */
  int at(double probability) {
    if (probability < 0.5) {
      return between(min, p50, probability / 0.5);
    }
    if (probability < 0.9) {
      return between(p50, p90, (probability - 0.5) / 0.4);
    }
    if (probability < 0.99) {
      return between(p90, p99, (probability - 0.9) / 0.09);
    }
    return between(p99, max, (probability - 0.99) / 0.01);
  }

  private static int between(int low, int high, double share) {
    return (int) Math.round(low + share * (high - low));
  }
}
