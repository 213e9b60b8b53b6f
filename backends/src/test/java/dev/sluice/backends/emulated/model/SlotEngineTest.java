package dev.sluice.backends.emulated.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SlotEngineTest {

  private static final double PACE_NANOS = 1e9 / 276;

  @Test
  void theTokenTimeIsTheSameUntilAllSlotsAreFull() {
    for (int sequences : new int[] {1, 8, 63, 64}) {
      List<Sequence> all = run(sequences);
      for (Sequence sequence : all) {
        assertThat((sequence.endedNanos() - sequence.firstTokenNanos()) / 100.0)
            .isCloseTo(PACE_NANOS, within(1.0));
        assertThat(sequence.admittedNanos()).isZero();
      }
    }
  }

  @Test
  void aSlotEngineQueuesWhenFull() {
    List<Sequence> all = run(65);
    Sequence last = all.getLast();
    assertThat(last.admittedNanos()).isEqualTo(all.getFirst().endedNanos());
    assertThat((last.endedNanos() - last.firstTokenNanos()) / 100.0)
        .isCloseTo(PACE_NANOS, within(1.0));
  }

  private static List<Sequence> run(int sequences) {
    EngineDriver driver = driver();
    List<Sequence> all = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      all.add(driver.submit(200, 101));
    }
    driver.runToEnd();
    return all;
  }

  @Test
  void theFirstTokenComesAfterPromptAndFill() {
    EngineDriver driver = driver();
    Sequence sequence = driver.submit(1_000, 5);
    driver.runToEnd();
    assertThat(sequence.firstTokenNanos())
        .isCloseTo((long) (1_000 * 0.1e6 + PACE_NANOS), within(1L));
  }

  @Test
  void tokensComeOneByOneAtTheirInstants() {
    EngineDriver driver = driver();
    Sequence sequence = driver.submit(10, 50);
    int tokens = 0;
    while (driver.engine.nextEventNanos() != Engine.NEVER) {
      driver.step();
      int now = driver.engine.tokens(sequence);
      if (now > 0) {
        assertThat(now).isEqualTo(++tokens);
      }
    }
    assertThat(tokens).isEqualTo(50);
  }

  @Test
  void cancellingFreesTheSlotAtOnce() {
    EngineDriver driver = new EngineDriver(engine(1));
    Sequence running = driver.submit(10, 1_000);
    Sequence waiting = driver.submit(10, 10);
    driver.step();
    driver.step();
    driver.runTo(driver.nowNanos() + 1_000);
    int tokens = driver.engine.tokens(running);
    driver.engine.cancel(running, driver.nowNanos());
    long cancelled = driver.nowNanos();
    driver.runToEnd();
    assertThat(waiting.admittedNanos()).isEqualTo(cancelled);
    assertThat(driver.engine.tokens(running)).isEqualTo(tokens);
    assertThat(driver.count("finished", running)).isZero();
    assertThat(driver.count("finished", waiting)).isEqualTo(1);
  }

  @Test
  void cancellingInTheQueueKeepsTheOrderOfTheOthers() {
    EngineDriver driver = new EngineDriver(engine(1));
    driver.submit(10, 10);
    Sequence second = driver.submit(10, 10);
    Sequence third = driver.submit(10, 10);
    driver.step();
    driver.engine.cancel(second, driver.nowNanos());
    driver.runToEnd();
    assertThat(second.admittedNanos()).isEqualTo(Engine.NEVER);
    assertThat(driver.count("finished", third)).isEqualTo(1);
    assertThat(driver.engine.load()).isEqualTo(new EngineLoad(0, 0, 0, 0));
  }

  @Test
  void marginalEnergyGoesToTheRequestAndIdlePowerToTheEngine() {
    EngineDriver driver = driver();
    driver.runTo(3_000_000_000L);
    Sequence sequence = driver.submit(100, 101);
    driver.runToEnd();
    assertThat(sequence.joules()).isCloseTo(200, within(0.001));
    assertThat(driver.engine.energy().requestJoules()).isCloseTo(200, within(0.001));
    assertThat(driver.engine.energy().idleJoules()).isCloseTo(3_000, within(0.001));
  }

  @Test
  void noiseSpreadsThePace() {
    EngineDriver driver =
        new EngineDriver(
            Engine.of(
                ProfileFixtures.lpuLlama70b(), StepNoise.of(0.01, new SplittableRandom(7)), 0));
    List<Sequence> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(driver.submit(10, 101));
    }
    driver.runToEnd();
    double sum = 0;
    double squares = 0;
    for (Sequence sequence : all) {
      double factor = (sequence.endedNanos() - sequence.firstTokenNanos()) / 100.0 / PACE_NANOS;
      sum += factor;
      squares += (factor - 1) * (factor - 1);
    }
    assertThat(sum / 1_000).isCloseTo(1, within(0.002));
    assertThat(Math.sqrt(squares / 1_000)).isCloseTo(0.01, within(0.001));
  }

  private static EngineDriver driver() {
    return new EngineDriver(Engine.of(ProfileFixtures.lpuLlama70b(), StepNoise.none(), 0));
  }

  private static Engine engine(int slots) {
    return Engine.of(ProfileFixtures.fast(slots), StepNoise.none(), 0);
  }
}
