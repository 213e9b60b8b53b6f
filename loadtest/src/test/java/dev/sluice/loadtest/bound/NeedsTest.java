package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Service;
import dev.sluice.loadtest.workload.Budget;
import java.util.BitSet;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Needs of single requests against what one can work out by hand. */
final class NeedsTest {

  private static final long MILLISECOND = 1_000_000;
  private static final Offset<Float> CLOSE = within(1e-6f);
  private static final Service.Slots SLOTS = new Service.Slots(2e6, 4, 0.1e6, 2e6);

  private static Service.Batch batch(Service.HostFloor floor, boolean prefixCache) {
    return new Service.Batch(
        10e6, 0.1e6, 0, 0.05e6, floor, new Service.BatchLimits(500, 64, 100_000, 16, prefixCache));
  }

  private static Need measure(Service service, int cachedTokens, int output, Budget budget) {
    Need need = new Need(3);
    assertThat(isMeasured(service, cachedTokens, output, budget, need)).isTrue();
    return need;
  }

  private static boolean isMeasured(
      Service service, int cachedTokens, int output, Budget budget, Need need) {
    BitSet first = new BitSet();
    first.set(0);
    BoundPool pool = new BoundPool("pool", 1, service, 0.5e6, 4_000);
    BoundProblem problem =
        BoundProblem.builder(List.of(pool))
            .add(new BoundRequest(100 * MILLISECOND, 1_000, output, cachedTokens, 1, budget), first)
            .build();
    return PoolNeeds.of(pool).measure(problem, 0, need);
  }

  @Test
  void aSlotIsHeldForThePromptAndForTheAnswer() {
    Need need = measure(SLOTS, 0, 11, budget(200, 0, 0));
    assertThat(need.promptSeconds[0]).isCloseTo(0.102f / 4, CLOSE);
    assertThat(need.answerSeconds[0]).isCloseTo(0.020f / 4, CLOSE);
    assertThat(need.promptFromNanos).isEqualTo(100_500_000);
    assertThat(need.promptUntilNanos).isEqualTo(300 * MILLISECOND);
    assertThat(need.answerFromNanos).isEqualTo(202_500_000);
    assertThat(need.answerUntilNanos).isEqualTo(320 * MILLISECOND);
  }

  @Test
  void aTotalBudgetLeavesThePromptWhatTheAnswerDoesNotTake() {
    Need need = measure(SLOTS, 0, 11, budget(0, 0, 250));
    assertThat(need.promptUntilNanos).isEqualTo(330 * MILLISECOND);
    assertThat(need.answerUntilNanos).isEqualTo(350 * MILLISECOND);
  }

  @Test
  void slotsMissWhatTheyAreTooSlowForWhenIdle() {
    Need need = new Need(3);
    assertThat(isMeasured(SLOTS, 0, 11, budget(102, 0, 0), need)).isFalse();
    assertThat(isMeasured(SLOTS, 0, 11, budget(103, 0, 0), need)).isTrue();
    assertThat(isMeasured(SLOTS, 0, 11, new Budget(0, 1_999_998, 0), need)).isFalse();
    assertThat(isMeasured(SLOTS, 0, 11, new Budget(0, 2 * MILLISECOND, 0), need)).isTrue();
    assertThat(isMeasured(SLOTS, 0, 11, budget(0, 0, 122), need)).isFalse();
    assertThat(isMeasured(SLOTS, 0, 11, budget(0, 0, 123), need)).isTrue();
    assertThat(isMeasured(SLOTS, 0, 3_001, Budget.NONE, need)).isFalse();
  }

  @Test
  void aBatchSharesItsFixedCostAmongAsManyAsThePaceAllows() {
    Service.Batch service = batch(Service.HostFloor.NONE, false);
    // 13 ms leave room for a batch of 30; 30 ms for more than the most, 64
    Need tight = measure(service, 0, 101, budget(1_000, 13, 0));
    Need loose = measure(service, 0, 101, budget(1_000, 30, 0));
    assertThat(tight.promptSeconds[0]).isCloseTo(0.050f, CLOSE);
    assertThat(tight.answerSeconds[0]).isCloseTo(0.010f + 1f / 30, CLOSE);
    assertThat(loose.answerSeconds[0]).isCloseTo(0.010f + 1f / 64, CLOSE);
    assertThat(tight.promptFromNanos).isEqualTo(100_500_000);
    assertThat(tight.promptUntilNanos).isEqualTo(1_100 * MILLISECOND);
    // two steps of 10 ms and 50 ms of prompt, less 2 ns of rounding
    assertThat(tight.answerFromNanos).isEqualTo(170_500_000 - 2);
    assertThat(tight.answerUntilNanos).isEqualTo(2_400 * MILLISECOND + 99);
  }

  @Test
  void orTokensBearTheFixedCostOfAFullStep() {
    Need need = measure(batch(Service.HostFloor.NONE, false), 0, 101, budget(1_000, 13, 0));
    assertThat(need.promptSeconds[1]).isCloseTo(0.050f + 1_000 * 0.010f / 500, CLOSE);
    assertThat(need.answerSeconds[1]).isCloseTo(0.010f + 100 * 0.010f / 500, CLOSE);
  }

  @Test
  void cachedTokensAreSparedInWholeBlocksWhereThereIsACache() {
    Need with = measure(batch(Service.HostFloor.NONE, true), 510, 1, budget(1_000, 0, 0));
    Need without = measure(batch(Service.HostFloor.NONE, false), 510, 1, budget(1_000, 0, 0));
    Need whole = measure(batch(Service.HostFloor.NONE, true), 1_000, 1, budget(1_000, 0, 0));
    assertThat(with.promptSeconds[0]).isCloseTo((1_000 - 496) * 0.05e-3f, CLOSE);
    assertThat(without.promptSeconds[0]).isCloseTo(0.050f, CLOSE);
    assertThat(whole.promptSeconds[0]).isCloseTo((1_000 - 992) * 0.05e-3f, CLOSE);
    assertThat(with.answerSeconds[0]).isZero();
  }

  @Test
  void aHostThatSetsThePaceIsChargedFor() {
    Service.HostFloor floor = new Service.HostFloor(20e6, 0.2e6);
    Need need = measure(batch(floor, false), 0, 101, budget(1_000, 24, 0));
    // 24 ms leave room for a batch of 20: nine tenths of the floor, one of the work
    float work = 0.1f * (0.1e-3f + 0.010f / 20);
    float host = 0.9f * (0.2e-3f + 0.020f / 20);
    assertThat(need.answerSeconds[2]).isCloseTo(100 * (work + host), within(1e-5f));
    assertThat(isMeasured(batch(floor, false), 0, 101, new Budget(0, 20_190_000, 0), new Need(3)))
        .isFalse();
  }

  @Test
  void aBatchMissesWhatItIsTooSlowForWhenIdle() {
    Service.Batch service = batch(Service.HostFloor.NONE, false);
    Need need = new Need(3);
    assertThat(isMeasured(service, 0, 11, budget(70, 0, 0), need)).isFalse();
    assertThat(isMeasured(service, 0, 11, budget(71, 0, 0), need)).isTrue();
    assertThat(isMeasured(service, 0, 11, budget(0, 10, 0), need)).isFalse();
    assertThat(isMeasured(service, 0, 11, budget(0, 11, 0), need)).isTrue();
    assertThat(isMeasured(service, 0, 11, budget(0, 0, 171), need)).isFalse();
    assertThat(isMeasured(service, 0, 11, budget(0, 0, 172), need)).isTrue();
    assertThat(isMeasured(service, 0, 3_001, Budget.NONE, need)).isFalse();
  }

  @Test
  void whatHasNoBudgetMayEndAtAnyTime() {
    Need need = measure(batch(Service.HostFloor.NONE, false), 0, 101, Budget.NONE);
    assertThat(need.promptUntilNanos).isGreaterThan(Long.MAX_VALUE / 2);
    assertThat(need.answerUntilNanos).isGreaterThan(Long.MAX_VALUE / 2);
    assertThat(need.answerSeconds[0]).isCloseTo(0.010f + 1f / 64, CLOSE);
  }

  private static Budget budget(long ttftMillis, long tpotMillis, long totalMillis) {
    return new Budget(
        ttftMillis * MILLISECOND, tpotMillis * MILLISECOND, totalMillis * MILLISECOND);
  }
}
