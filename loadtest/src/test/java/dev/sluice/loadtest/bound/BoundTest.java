package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Service;
import dev.sluice.loadtest.workload.Budget;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundTest {

  private static final long SECOND = 1_000_000_000;

  /** One slot, 10 ms to the first token and for each token after it. */
  private static final BoundPool ONE_SLOT =
      new BoundPool("one-slot", 1, new Service.Slots(10e6, 1, 0, 10e6), 0, 1_000_000);

  private static BoundProblem.Builder simultaneous(int count, int output, Budget budget) {
    BitSet first = new BitSet();
    first.set(0);
    BoundProblem.Builder builder = BoundProblem.builder(List.of(ONE_SLOT));
    for (int i = 0; i < count; i++) {
      builder.add(new BoundRequest(0, 10, output, 0, 1, budget), first);
    }
    return builder;
  }

  private static double upperValue(BoundProblem problem) {
    return new Bound(() -> 0).upper(problem, ProgressListener.NONE).upperValue();
  }

  @Test
  void noMoreAreMetThanTheTimeOfTheirBudgetHolds() {
    // one second each, all within four
    BoundProblem problem = simultaneous(10, 100, new Budget(0, 0, 4 * SECOND)).build();
    assertThat(upperValue(problem)).isBetween(4.0 - 1e-6, 4.2);
  }

  @Test
  void withoutBudgetEveryCompletionCounts() {
    assertThat(upperValue(simultaneous(10, 100, Budget.NONE).build())).isEqualTo(10);
  }

  @Test
  void theEndOfTheRunIsADeadlineForAll() {
    BoundProblem problem = simultaneous(10, 100, Budget.NONE).endNanos(4 * SECOND).build();
    assertThat(upperValue(problem)).isBetween(4.0 - 1e-6, 4.2);
  }

  @Test
  void aSlotThatMustBeginInTimeMustEndInTime() {
    // a second each, all begun within half a second
    BoundProblem problem = simultaneous(100, 100, new Budget(SECOND / 2, 0, 0)).build();
    assertThat(upperValue(problem)).isBetween(1.0, 1.6);
  }

  @Test
  void aBudgetOfTheFirstTokenAloneLeavesABatchTheAnswersForLater() {
    Service.Batch service =
        new Service.Batch(
            1e6,
            0.1e6,
            0,
            0.01e6,
            Service.HostFloor.NONE,
            new Service.BatchLimits(1_000, 64, 1_000_000, 16, false));
    BitSet first = new BitSet();
    first.set(0);
    BoundProblem.Builder builder =
        BoundProblem.builder(List.of(new BoundPool("batch", 1, service, 0, 100_000)));
    for (int i = 0; i < 100; i++) {
      builder.add(new BoundRequest(0, 1_000, 10_000, 0, 1, new Budget(SECOND / 2, 0, 0)), first);
    }
    // 11 ms for a thousand tokens of prompt, in half a second
    assertThat(upperValue(builder.build())).isBetween(45.0, 47.0);
  }

  @Test
  void whatNobodyMayServeOrCanServeInTimeIsWorthNothing() {
    BoundProblem tooSlow = simultaneous(3, 100, new Budget(0, 0, SECOND / 2)).build();
    BoundProblem forbidden =
        BoundProblem.builder(List.of(ONE_SLOT))
            .add(new BoundRequest(0, 10, 10, 0, 1, Budget.NONE), new BitSet())
            .build();
    assertThat(upperValue(tooSlow)).isZero();
    assertThat(upperValue(forbidden)).isZero();
  }

  @Test
  void valuesAreWeighed() {
    BitSet first = new BitSet();
    first.set(0);
    BoundProblem.Builder builder = simultaneous(10, 100, new Budget(0, 0, 2 * SECOND));
    builder.add(new BoundRequest(0, 10, 100, 0, 7, new Budget(0, 0, 2 * SECOND)), first);
    assertThat(upperValue(builder.build())).isCloseTo(8, within(0.2));
  }

  @Test
  void progressIsTold() {
    List<Double> done = new ArrayList<>();
    BoundProblem problem = simultaneous(10, 100, new Budget(0, 0, 4 * SECOND)).build();
    new Bound(() -> 0, new BoundSettings(0, 40))
        .upper(problem, (ratio, upper, lower) -> done.add(ratio));
    assertThat(done).hasSize(40).isSorted().last().isEqualTo(1.0);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThatThrownBy(() -> BoundProblem.builder(List.of()))
        .hasMessage("pools: 0 (expected: at least 1)");
    assertThatThrownBy(() -> BoundProblem.builder(List.of(ONE_SLOT)).build())
        .hasMessage("requests: 0 (expected: at least 1)");
    BitSet second = new BitSet();
    second.set(1);
    BoundRequest request = new BoundRequest(0, 1, 1, 0, 1, Budget.NONE);
    assertThatThrownBy(() -> BoundProblem.builder(List.of(ONE_SLOT)).add(request, second))
        .hasMessage("eligible pool: 1 (expected: 0..0)");
    assertThatThrownBy(() -> new BoundPool("p", 0, ONE_SLOT.service(), 0, 10))
        .hasMessage("pool p replicas: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new BoundPool("p", 1, ONE_SLOT.service(), Double.NaN, 10))
        .hasMessage("pool p overheadNanos: NaN (expected: a finite number of at least 0)");
    assertThatThrownBy(() -> new Service.Slots(Double.NaN, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokenNanos: NaN");
    assertThatThrownBy(() -> new BoundRequest(0, 1, 1, 0, Double.NaN, Budget.NONE))
        .hasMessage("value: NaN (expected: a finite number above 0)");
    assertThatThrownBy(() -> new BoundRequest(0, 1, 1, 2, 1, Budget.NONE))
        .hasMessage("cachedTokensAtMost: 2 (expected: 0..1)");
    assertThatThrownBy(() -> new BoundSettings(0, -1)).hasMessage("steps: -1 (expected: >= 0)");
  }
}
