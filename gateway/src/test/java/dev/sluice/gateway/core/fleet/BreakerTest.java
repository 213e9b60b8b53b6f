package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class BreakerTest {

  private static final long SECOND = 1_000_000_000L;

  private Breaker breaker = Breaker.FRESH;

  private void fail(int times, long nowNanos) {
    for (int i = 0; i < times; i++) {
      breaker = breaker.failed(nowNanos, true, 7);
    }
  }

  @Test
  void fiveFailuresInARowOpenItAndFourWithASuccessBetweenDoNot() {
    fail(4, 0);
    breaker = breaker.completed(0);
    fail(4, 0);
    assertThat(breaker.isOpen()).isFalse();
    fail(1, 0);
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.allows(SECOND / 2 - 1)).isFalse();
    assertThat(breaker.allows(SECOND)).isTrue();
  }

  @Test
  void moreFailuresThanSuccessesOfTwentyOpenIt() {
    for (int i = 0; i < 9; i++) {
      breaker = breaker.completed(0);
      fail(1, 0);
    }
    fail(1, 0);
    assertThat(breaker.isOpen()).as("19 samples").isFalse();
    fail(1, 0);
    assertThat(breaker.isOpen()).as("20 samples, 9 good").isTrue();
  }

  @Test
  void slownessOpensItOnlyWhenNearlyEverythingIsSlow() {
    for (int i = 0; i < 5; i++) {
      breaker = breaker.completed(0);
    }
    for (int i = 0; i < 19; i++) {
      breaker = breaker.slow(0, true, 7);
    }
    assertThat(breaker.isOpen()).as("19 of 24 slow").isFalse();
    breaker = breaker.slow(0, true, 7);
    assertThat(breaker.isOpen()).as("20 of 25 slow").isTrue();
  }

  @Test
  void whatIsLongAgoIsForgotten() {
    for (int i = 0; i < 10; i++) {
      breaker = breaker.completed(0);
      fail(1, 0);
    }
    breaker = breaker.completed(11 * SECOND);
    fail(2, 11 * SECOND);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void twoGoodProbesOneAfterTheOtherCloseIt() {
    fail(5, 0);
    breaker = breaker.dispatched();
    assertThat(breaker.allows(2 * SECOND)).as("while a probe runs").isFalse();
    breaker = breaker.ended().completed(2 * SECOND);
    assertThat(breaker.isOpen()).isTrue();
    breaker = breaker.dispatched().ended().completed(3 * SECOND);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void aFailedProbeOpensItForTwiceAsLongUpToAMinute() {
    long nowNanos = 0;
    fail(5, nowNanos);
    for (int opening = 1; opening <= 10; opening++) {
      long openNanos = breaker.openUntilNanos() - nowNanos;
      long whole = Math.min(60, 1L << (opening - 1)) * SECOND;
      assertThat(openNanos).as("opening %d", opening).isBetween(whole / 2, whole);
      nowNanos = breaker.openUntilNanos();
      breaker = breaker.dispatched().ended().failed(nowNanos, true, 7);
    }
  }

  @Test
  void whoWasLetBackGetsATenthFirstAndAllAfterTenSeconds() {
    assertThat(breaker.share(0)).isEqualTo(1);
    fail(5, 0);
    breaker = breaker.completed(SECOND).completed(SECOND);
    assertThat(breaker.share(SECOND)).isCloseTo(0.1, within(1e-12));
    assertThat(breaker.share(6 * SECOND)).isCloseTo(0.55, within(1e-12));
    assertThat(breaker.share(11 * SECOND)).isEqualTo(1);
  }
}
