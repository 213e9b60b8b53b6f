package dev.sluice.backends.emulated.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BatchEngineTest {

  private static final double MILLIS = 1e6;

  /** Room for plenty: 16 sequences, 512 tokens a step. */
  private static final Service.BatchLimits ROOMY =
      new Service.BatchLimits(512, 16, 100_000, 16, true);

  /**
   * Measured medians, science §7.1. The fits' own error is 1.0 to 2.9 % on average and up to 6.2 %
   * at the ends, which is the tolerance.
   */
  @ParameterizedTest
  @CsvSource({
    "8B, 8, 7.3", "8B, 64, 11.5", "8B, 256, 26.1",
    "70B, 8, 16.9", "70B, 64, 22.3", "70B, 256, 39.1",
    "405B, 8, 33.2", "405B, 64, 39.3", "405B, 256, 66.9"
  })
  void tokenTimesAreThoseMeasured(String model, int batch, double millis) {
    assertThat(tokenNanos(profileOf(model), batch) / MILLIS).isCloseTo(millis, withPercentage(6.2));
  }

  @Test
  void tokenTimesAreExactlyThoseOfTheFit() {
    assertThat(tokenNanos(ProfileFixtures.h100Llama8b(), 1)).isCloseTo(6.6582e6, within(1.0));
    assertThat(tokenNanos(ProfileFixtures.h100x4Llama70b(), 64)).isCloseTo(22.3e6, within(1.0));
  }

  private static Profile profileOf(String model) {
    return switch (model) {
      case "8B" -> ProfileFixtures.h100Llama8b();
      case "70B" -> ProfileFixtures.h100x4Llama70b();
      default -> ProfileFixtures.h100x8Llama405b();
    };
  }

  /** Mean time per token while exactly {@code batch} sequences decode and nothing else happens. */
  private static double tokenNanos(Profile profile, int batch) {
    EngineDriver driver = driver(profile);
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      sequences.add(driver.submit(100, 1_000));
    }
    Sequence last = sequences.getLast();
    while (driver.engine.tokens(last) < 1) {
      driver.step();
    }
    long before = driver.nowNanos();
    int tokens = driver.engine.tokens(last);
    for (int i = 0; i < 100; i++) {
      driver.step();
    }
    assertThat(driver.engine.tokens(last)).isEqualTo(tokens + 100);
    return (driver.nowNanos() - before) / 100.0;
  }

  @Test
  void theFirstTokenComesWithTheLastChunkOfThePrompt() {
    EngineDriver driver = driver(ProfileFixtures.limited(ROOMY));
    Sequence sequence = driver.submit(1_000, 3);
    driver.runToEnd();
    // 512 and 488 tokens
    double prefill = 10 + 51.2 + 10 + 48.8;
    assertThat(sequence.firstTokenNanos()).isCloseTo((long) (prefill * MILLIS), within(10L));
    assertThat(sequence.endedNanos())
        .isCloseTo((long) ((prefill + 2 * 10.5) * MILLIS), within(10L));
  }

  @Test
  void theOverheadComesBeforeEverything() {
    EngineDriver driver =
        driver(ProfileFixtures.withOverhead(ProfileFixtures.limited(ROOMY), 15.6 * MILLIS));
    Sequence sequence = driver.submit(100, 1);
    assertThat(driver.engine.load().waiting()).isEqualTo(1);
    driver.runToEnd();
    assertThat(sequence.admittedNanos()).isEqualTo(15_600_000);
    assertThat(sequence.endedNanos()).isEqualTo(35_600_000);
  }

  @Test
  void aPromptSlowsDownThoseWhoDecodeByItsChunks() {
    EngineDriver driver = driver(ProfileFixtures.limited(ROOMY));
    driver.submit(16, 100);
    driver.step();
    driver.step();
    Sequence intruder = driver.submit(1_022, 1);
    driver.step();
    long before = driver.nowNanos();
    driver.step();
    // the step in which both 511 prompt tokens and one token are made
    assertThat((driver.nowNanos() - before) / MILLIS).isCloseTo(10.5 + 51.1, within(0.001));
    driver.step();
    assertThat(driver.engine.tokens(intruder)).isEqualTo(1);
  }

  @Test
  void promptsAreServedInTheOrderOfArrival() {
    EngineDriver driver = driver(ProfileFixtures.limited(ROOMY));
    Sequence longer = driver.submit(1_500, 1);
    Sequence shorter = driver.submit(100, 1);
    driver.runToEnd();
    assertThat(longer.firstTokenNanos()).isLessThanOrEqualTo(shorter.firstTokenNanos());
  }

  @Test
  void whoFindsTheBatchFullWaits() {
    EngineDriver driver =
        driver(ProfileFixtures.limited(new Service.BatchLimits(512, 2, 100_000, 16, false)));
    Sequence first = driver.submit(50, 10);
    driver.submit(50, 20);
    Sequence third = driver.submit(50, 10);
    driver.step();
    driver.step();
    assertThat(driver.engine.load())
        .isEqualTo(new EngineLoad(2, 1, 50, driver.engine.load().memoryUsedRatio()));
    driver.runToEnd();
    assertThat(third.admittedNanos()).isEqualTo(first.endedNanos());
  }

  @Test
  void theLatestArrivalIsPreemptedWhenMemoryRunsOut() {
    // 20 blocks of 16 tokens; each prompt takes 8 and grows to 13
    EngineDriver driver =
        driver(ProfileFixtures.limited(new Service.BatchLimits(512, 8, 320, 16, false)));
    Sequence older = driver.submit(128, 80);
    Sequence latest = driver.submit(128, 80);
    driver.runToEnd();
    assertThat(older.preemptions()).isZero();
    assertThat(latest.preemptions()).isEqualTo(1);
    assertThat(driver.count("preempted", latest)).isEqualTo(1);
    assertThat(driver.count("first", latest)).isEqualTo(1);
    assertThat(driver.count("finished", latest)).isEqualTo(1);
    assertThat(latest.endedNanos()).isGreaterThan(older.endedNanos());
    assertThat(driver.engine.load().memoryUsedRatio()).isZero();
  }

  @Test
  void aPreemptedSequenceLosesNoTokenAndGetsNoneTwice() {
    EngineDriver driver =
        driver(ProfileFixtures.limited(new Service.BatchLimits(512, 8, 320, 16, false)));
    driver.submit(128, 80);
    Sequence latest = driver.submit(128, 80);
    int tokens = 0;
    while (driver.engine.nextEventNanos() != Engine.NEVER) {
      driver.step();
      int now = driver.engine.tokens(latest);
      assertThat(now - tokens).isBetween(0, 1);
      tokens = now;
    }
    assertThat(tokens).isEqualTo(80);
  }

  @Test
  void aKnownPrefixIsNotComputedAgain() {
    EngineDriver driver = driver(ProfileFixtures.limited(ROOMY));
    long[] hashes = LongStream.rangeClosed(1, 10).toArray();
    Sequence first = driver.submit(170, 1, hashes);
    driver.runToEnd();
    long before = driver.nowNanos();
    Sequence second = driver.submit(170, 1, hashes);
    driver.runToEnd();
    assertThat(first.cachedTokens()).isZero();
    assertThat(second.cachedTokens()).isEqualTo(160);
    assertThat((second.endedNanos() - before) / MILLIS).isCloseTo(10 + 1, within(0.001));
  }

  @Test
  void atLeastOneTokenIsComputedAlsoWhenAllAreKnown() {
    EngineDriver driver = driver(ProfileFixtures.limited(ROOMY));
    long[] hashes = LongStream.rangeClosed(1, 10).toArray();
    driver.submit(160, 1, hashes);
    driver.runToEnd();
    Sequence again = driver.submit(160, 1, hashes);
    driver.runToEnd();
    assertThat(again.cachedTokens()).isEqualTo(144);
  }

  @Test
  void theLeastRecentlyUsedPrefixIsForgottenFirst() {
    // 21 blocks, of which admissions leave 1 free: two prompts of 10 blocks are kept at most
    EngineDriver driver =
        driver(ProfileFixtures.limited(new Service.BatchLimits(512, 8, 336, 16, true)));
    long[] a = LongStream.rangeClosed(1, 9).toArray();
    long[] b = LongStream.rangeClosed(101, 109).toArray();
    long[] c = LongStream.rangeClosed(201, 209).toArray();
    for (long[] hashes : List.of(a, b, a, c)) {
      driver.submit(150, 1, hashes);
      driver.runToEnd();
    }
    Sequence againA = driver.submit(150, 1, a);
    driver.runToEnd();
    Sequence againB = driver.submit(150, 1, b);
    driver.runToEnd();
    assertThat(againA.cachedTokens()).isEqualTo(144);
    assertThat(againB.cachedTokens()).isLessThan(144);
  }

  @Test
  void withoutPrefixCacheNothingIsRemembered() {
    EngineDriver driver =
        driver(ProfileFixtures.limited(new Service.BatchLimits(512, 8, 100_000, 16, false)));
    driver.submit(160, 1, 1, 2, 3);
    driver.runToEnd();
    Sequence again = driver.submit(160, 1, 1, 2, 3);
    driver.runToEnd();
    assertThat(again.cachedTokens()).isZero();
  }

  @Test
  void cancellingFreesThePlaceAtTheEndOfTheStep() {
    EngineDriver driver =
        driver(ProfileFixtures.limited(new Service.BatchLimits(512, 1, 100_000, 16, false)));
    Sequence cancelled = driver.submit(50, 1_000);
    Sequence next = driver.submit(50, 1);
    while (driver.engine.tokens(cancelled) < 2) {
      driver.step();
    }
    long step = driver.engine.nextTokenNanos();
    driver.runTo(step - 1);
    driver.engine.cancel(cancelled, driver.nowNanos());
    driver.runToEnd();
    assertThat(cancelled.endedNanos()).isEqualTo(step);
    assertThat(driver.count("finished", cancelled)).isZero();
    assertThat(driver.engine.tokens(cancelled)).isEqualTo(2);
    assertThat(next.admittedNanos()).isEqualTo(step);
    assertThat(driver.count("finished", next)).isEqualTo(1);
  }

  @Test
  void energyPerTokenFallsWithTheBatch() {
    for (int batch : new int[] {1, 8, 64, 256}) {
      double expected = 27.8 / batch + 0.381;
      assertThat(joulesPerToken(batch)).isCloseTo(expected, withPercentage(0.01));
    }
    // against an LPU at 2 J per token, science §7.3
    assertThat(joulesPerToken(17)).isGreaterThan(2);
    assertThat(joulesPerToken(18)).isLessThan(2);
  }

  /** Energy per decoded token at a steady batch, without the prompts'. */
  private static double joulesPerToken(int batch) {
    EngineDriver driver = driver(ProfileFixtures.h100x4Llama70b());
    for (int i = 0; i < batch; i++) {
      driver.submit(1, 101);
    }
    driver.runToEnd();
    double decoding = driver.engine.energy().requestJoules() - batch * 0.1;
    return decoding / (batch * 100.0);
  }

  @Test
  void idlePowerBelongsToNoRequest() {
    EngineDriver driver = driver(ProfileFixtures.limited(ROOMY));
    driver.runTo(2_000_000_000L);
    assertThat(driver.engine.energy().idleJoules()).isCloseTo(200, within(1e-6));
    Sequence sequence = driver.submit(100, 50);
    driver.runToEnd();
    driver.runTo(sequence.endedNanos() + 1_000_000_000L);
    EnergyUse energy = driver.engine.energy();
    assertThat(energy.idleJoules()).isCloseTo(300, within(1e-6));
    assertThat(energy.requestJoules()).isCloseTo(sequence.joules(), within(1e-6));
  }

  @Test
  void aSequenceThatCouldNeverRunIsRefused() {
    Engine engine = driver(ProfileFixtures.limited(ROOMY)).engine;
    assertThatThrownBy(() -> engine.submit(new Sequence(1, 99_000, 1_000), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("promptTokens + outputTokens: 100000 (expected: <= 98992)");
  }

  private static EngineDriver driver(Profile profile) {
    return new EngineDriver(Engine.of(profile, StepNoise.none(), 0));
  }
}
