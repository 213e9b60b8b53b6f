package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Service;
import dev.sluice.loadtest.workload.Budget;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The arithmetic that the bound is made of, against loops. */
final class PartsTest {

  private static final int REQUESTS = 5_000;

  @Test
  void theCheapestBucketOfAnyWindowIsFound() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      double[] prices = new double[1 + random.nextInt(70)];
      RangeMinimum minimum = new RangeMinimum(prices, prices.length);
      for (int round = 0; round < 3; round++) {
        Arrays.setAll(prices, _ -> random.nextInt(5));
        minimum.rebuild();
        int from = random.nextInt(prices.length);
        int until = from + random.nextInt(prices.length - from);
        double least = Arrays.stream(prices, from, until + 1).min().orElseThrow();
        int found = minimum.cheapest(from, until);
        assertThat(found).isBetween(from, until);
        assertThat(prices[found]).isEqualTo(least);
      }
    }
  }

  @Test
  void theSumOfTheLesserOfTwoLinesIsThatOfALoop() {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < 2_000; trial++) {
      Line one = new Line(random.nextInt(200) - 100, random.nextInt(20) - 10);
      Line other = new Line(random.nextInt(200) - 100, random.nextInt(20) - 10);
      int last = random.nextInt(40);
      double sum = 0;
      for (int i = 1; i <= last; i++) {
        sum += Math.min(one.at(i), other.at(i));
      }
      assertThat(Line.sumOfLess(last, one, other)).isCloseTo(sum, within(1e-9));
    }
  }

  @Test
  void aCacheCanSpareWhatAnotherBringsInTime() {
    PrefixReuse reuse = new PrefixReuse(16);
    reuse.note(0, 100, new long[] {1, 2, 3});
    reuse.note(1, 200, new long[] {1, 2, 9});
    reuse.note(2, 300, new long[] {1, 2, 3, 4});
    assertThat(reuse.cachedTokensAtMost(0, 150, new long[] {1, 2, 3})).isZero();
    assertThat(reuse.cachedTokensAtMost(0, 250, new long[] {1, 2, 3})).isEqualTo(32);
    assertThat(reuse.cachedTokensAtMost(0, 999, new long[] {1, 2, 3})).isEqualTo(48);
    assertThat(reuse.cachedTokensAtMost(1, 999, new long[] {1, 2, 9})).isEqualTo(32);
    assertThat(reuse.cachedTokensAtMost(2, 999, new long[] {1, 2, 3, 4})).isEqualTo(48);
    assertThat(reuse.cachedTokensAtMost(1, 999, new long[0])).isZero();
  }

  @Test
  void theGridSuitsTheUsualDeadlines() {
    assertThat(gridWithDeadlinesAt(2_400).bucketNanos()).isEqualTo(500_000_000);
    assertThat(gridWithDeadlinesAt(10).bucketNanos()).isLessThan(50_000_000);
    assertThat(gridWithDeadlinesAt(86_400).bucketNanos()).isEqualTo(2_000_000_000);
    assertThat(gridWithDeadlinesAt(0).buckets()).isPositive();
  }

  /** Deadlines after so many seconds, and one in four never; 0: all never. */
  private static Grid gridWithDeadlinesAt(long seconds) {
    BoundPool pool = new BoundPool("pool", 1, new Service.Slots(1e6, 1, 0, 1e6), 0, 1_000);
    BoundProblem.Builder builder = BoundProblem.builder(List.of(pool));
    for (int i = 0; i < REQUESTS; i++) {
      Budget budget = new Budget(0, 0, i % 4 == 0 ? 0 : seconds * 1_000_000_000);
      builder.add(new BoundRequest(0, 10, 10, 0, 1, budget), new BitSet());
    }
    return Grid.suiting(builder.build());
  }
}
