package dev.sluice.loadtest.bound;

/**
 * Finds the cheapest bucket of a window in constant time: a sparse table, which holds for every
 * bucket and every power of two the cheapest of so many buckets from it on.
 */
final class RangeMinimum {

  private final double[] prices;
  private final int[][] cheapest;

  /** For windows of at most {@code longest} buckets over {@code prices}, which may change. */
  RangeMinimum(double[] prices, int longest) {
    this.prices = prices;
    int levels = 32 - Integer.numberOfLeadingZeros(Math.max(1, Math.min(longest, prices.length)));
    cheapest = new int[levels][prices.length];
    for (int t = 0; t < prices.length; t++) {
      cheapest[0][t] = t;
    }
  }

  /** Takes note of changed prices. */
  void rebuild() {
    for (int level = 1; level < cheapest.length; level++) {
      int[] half = cheapest[level - 1];
      int[] whole = cheapest[level];
      int shift = 1 << (level - 1);
      int last = prices.length - 2 * shift;
      for (int t = 0; t <= last; t++) {
        int left = half[t];
        int right = half[t + shift];
        whole[t] = prices[right] < prices[left] ? right : left;
      }
    }
  }

  /** The first of the cheapest buckets from {@code from} to {@code until}, both included. */
  int cheapest(int from, int until) {
    int level = 31 - Integer.numberOfLeadingZeros(until - from + 1);
    int left = cheapest[level][from];
    int right = cheapest[level][until - (1 << level) + 1];
    return prices[right] < prices[left] ? right : left;
  }
}
