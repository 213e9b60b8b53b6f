package dev.sluice.loadtest.workload;

import java.util.Arrays;

/** Exact counts of token numbers, in memory that depends on their range and not on their count. */
final class TokenCounts {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_SIZE = 1 << PAGE_SHIFT;
  private static final int[] EMPTY = new int[0];

  private final int[][] pages = new int[(TraceLine.MAX_TOKENS >> PAGE_SHIFT) + 1][];
  private long count;
  private long sum;
  private int max;

  TokenCounts() {
    Arrays.fill(pages, EMPTY);
  }

  void add(int tokens) {
    int page = tokens >> PAGE_SHIFT;
    if (pages[page].length == 0) {
      pages[page] = new int[PAGE_SIZE];
    }
    pages[page][tokens & (PAGE_SIZE - 1)]++;
    count++;
    sum += tokens;
    max = Math.max(max, tokens);
  }

  TokenStatistics statistics() {
    if (count == 0) {
      return new TokenStatistics(0, 0, 0, 0, 0);
    }
    return new TokenStatistics(
        (double) sum / count, quantile(0.5), quantile(0.9), quantile(0.99), max);
  }

  /** Linear between order statistics. */
  private double quantile(double probability) {
    double rank = probability * (count - 1);
    long below = (long) rank;
    int low = at(below);
    int high = at(Math.min(below + 1, count - 1));
    return low + (rank - below) * (high - low);
  }

  /** The number that this many others do not exceed in order. */
  private int at(long rank) {
    long passed = 0;
    for (int page = 0; page < pages.length; page++) {
      for (int i = 0; i < pages[page].length; i++) {
        passed += pages[page][i];
        if (passed > rank) {
          return (page << PAGE_SHIFT) + i;
        }
      }
    }
    return max;
  }
}
