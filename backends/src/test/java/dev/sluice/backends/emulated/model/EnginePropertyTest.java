package dev.sluice.backends.emulated.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every load, memory size and way of driving, over seeds. */
final class EnginePropertyTest {

  private static final int SEQUENCES = 120;

  /** Sums of rounded steps differ by a nanosecond for each stretch that is cut. */
  private static final long ROUNDING_NANOS = 20_000;

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everySequenceEndsOnceWithAllItsTokensAndLeavesNothingBehind(long seed) {
    Scenario scenario = new Scenario(seed);
    EngineDriver driver = scenario.run(StepNoise.none());
    double joules = 0;
    for (Sequence sequence : scenario.sequences) {
      boolean cancelled = scenario.cancelled.contains(sequence);
      assertThat(driver.count("finished", sequence)).isEqualTo(cancelled ? 0 : 1);
      assertThat(sequence.endedNanos()).isNotEqualTo(Engine.NEVER);
      if (!cancelled) {
        assertThat(driver.engine.tokens(sequence)).isEqualTo(sequence.outputTokens());
        assertThat(sequence.firstTokenNanos()).isLessThanOrEqualTo(sequence.endedNanos());
      }
      joules += sequence.joules();
    }
    assertThat(driver.engine.load()).isEqualTo(new EngineLoad(0, 0, 0, 0));
    assertThat(driver.engine.energy().requestJoules()).isCloseTo(joules, within(1e-6 * joules));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSameSeedGivesTheSameTrace(long seed) {
    EngineDriver first = new Scenario(seed).run(StepNoise.of(0.05, new SplittableRandom(seed)));
    EngineDriver second = new Scenario(seed).run(StepNoise.of(0.05, new SplittableRandom(seed)));
    assertThat(second.trace).isEqualTo(first.trace);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void jumpingFromEventToEventIsTheSameAsGoingTokenByToken(long seed) {
    Scenario jumping = new Scenario(seed);
    jumping.run(StepNoise.none());
    Scenario stepping = new Scenario(seed);
    stepping.tokenByToken = true;
    stepping.run(StepNoise.none());
    for (int i = 0; i < SEQUENCES; i++) {
      Sequence a = jumping.sequences.get(i);
      Sequence b = stepping.sequences.get(i);
      assertThat(b.endedNanos()).isCloseTo(a.endedNanos(), within(ROUNDING_NANOS));
      assertThat(b.preemptions()).isEqualTo(a.preemptions());
    }
  }

  @Test
  void theScenariosReachPreemptionAndPrefixCacheAndCancellation() {
    long preemptions = 0;
    long cachedTokens = 0;
    long cancellations = 0;
    for (long seed : seeds().toArray()) {
      Scenario scenario = new Scenario(seed);
      scenario.run(StepNoise.none());
      cancellations += scenario.cancelled.size();
      for (Sequence sequence : scenario.sequences) {
        preemptions += sequence.preemptions();
        cachedTokens += sequence.cachedTokens();
      }
    }
    assertThat(preemptions).isGreaterThan(100);
    assertThat(cachedTokens).isGreaterThan(10_000);
    assertThat(cancellations).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aListenerMaySubmitAndCancelWhileItIsTold(long seed) {
    Scenario scenario = new Scenario(seed);
    MeddlingListener meddler =
        new MeddlingListener(Engine.of(scenario.profile, StepNoise.none(), 0), seed);
    meddler.submit(0);
    for (long next = meddler.engine.nextEventNanos();
        next != Engine.NEVER;
        next = meddler.engine.nextEventNanos()) {
      meddler.engine.advanceTo(next, meddler);
    }
    assertThat(meddler.sequences).hasSize(MeddlingListener.MOST);
    assertThat(meddler.sequences).allMatch(sequence -> sequence.endedNanos() != Engine.NEVER);
    assertThat(meddler.finished + meddler.cancelled.size()).isEqualTo(MeddlingListener.MOST);
    assertThat(meddler.engine.load()).isEqualTo(new EngineLoad(0, 0, 0, 0));
  }

  /** Submits and cancels at random on every event; each sequence brings two more. */
  private static final class MeddlingListener implements EngineListener {

    static final int MOST = 300;

    final Engine engine;
    final List<Sequence> sequences = new ArrayList<>();
    final List<Sequence> cancelled = new ArrayList<>();
    int finished;
    private final SplittableRandom random;

    MeddlingListener(Engine engine, long seed) {
      this.engine = engine;
      this.random = new SplittableRandom(seed);
    }

    void submit(long nowNanos) {
      if (sequences.size() < MOST) {
        Sequence sequence =
            new Sequence(sequences.size(), 1 + random.nextInt(300), 1 + random.nextInt(100));
        sequences.add(sequence);
        engine.submit(sequence, nowNanos);
      }
    }

    @Override
    public void admitted(Sequence sequence, long atNanos) {
      meddle(sequence, atNanos);
      submit(atNanos);
    }

    @Override
    public void firstToken(Sequence sequence, long atNanos) {
      meddle(sequence, atNanos);
    }

    @Override
    public void preempted(Sequence sequence, long atNanos) {
      meddle(sequence, atNanos);
    }

    @Override
    public void finished(Sequence sequence, long atNanos) {
      finished++;
      meddle(sequence, atNanos);
      submit(atNanos);
    }

    private void meddle(Sequence told, long atNanos) {
      assertThat(cancelled).doesNotContain(told);
      if (random.nextInt(8) == 0) {
        Sequence victim = sequences.get(random.nextInt(sequences.size()));
        if (victim.endedNanos() == Engine.NEVER && !cancelled.contains(victim)) {
          engine.cancel(victim, atNanos);
          cancelled.add(victim);
          submit(atNanos);
        }
      }
    }
  }

  /** A random engine under a random load, some of which is cancelled. */
  private static final class Scenario {

    final List<Sequence> sequences = new ArrayList<>();
    final List<Sequence> cancelled = new ArrayList<>();
    boolean tokenByToken;
    private final SplittableRandom random;
    private final Profile profile;

    Scenario(long seed) {
      random = new SplittableRandom(seed);
      profile = profile();
    }

    private Profile profile() {
      if (random.nextInt(4) == 0) {
        return ProfileFixtures.fast(1 + random.nextInt(8));
      }
      int chunk = 64 << random.nextInt(4);
      long kvTokens = 1_000L + random.nextInt(4_000);
      Service.HostFloor floor =
          random.nextBoolean() ? new Service.HostFloor(11e6, 0.3e6) : Service.HostFloor.NONE;
      return ProfileFixtures.limited(
          new Service.BatchLimits(
              chunk, 1 + random.nextInt(20), kvTokens, 16, random.nextBoolean()),
          random.nextInt(3) * 700.0,
          floor);
    }

    EngineDriver run(StepNoise noise) {
      EngineDriver driver = new EngineDriver(Engine.of(profile, noise, 0));
      long nowNanos = 0;
      for (int i = 0; i < SEQUENCES; i++) {
        nowNanos += random.nextLong(40_000_000);
        advance(driver, nowNanos);
        Sequence sequence = sequence(i);
        sequences.add(sequence);
        driver.submit(sequence);
        if (random.nextInt(6) == 0) {
          cancelOne(driver);
        }
      }
      advance(driver, Long.MAX_VALUE - 1);
      return driver;
    }

    private void advance(EngineDriver driver, long untilNanos) {
      while (true) {
        long next = tokenByToken ? driver.engine.nextTokenNanos() : driver.engine.nextEventNanos();
        if (next > untilNanos) {
          break;
        }
        driver.runTo(next);
      }
      if (untilNanos < Long.MAX_VALUE - 1) {
        driver.runTo(untilNanos);
      }
    }

    private Sequence sequence(int id) {
      int prompt = 1 + random.nextInt(400);
      int output = 1 + random.nextInt(200);
      long family = random.nextInt(5) * 1_000L;
      return new Sequence(
          id, prompt, output, LongStream.range(family, family + prompt / 16).toArray());
    }

    private void cancelOne(EngineDriver driver) {
      Sequence sequence = sequences.get(random.nextInt(sequences.size()));
      if (sequence.endedNanos() == Engine.NEVER && !cancelled.contains(sequence)) {
        driver.engine.cancel(sequence, driver.nowNanos());
        cancelled.add(sequence);
      }
    }
  }
}
