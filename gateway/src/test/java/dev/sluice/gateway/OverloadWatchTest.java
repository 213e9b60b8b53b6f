package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.admission.Means;
import dev.sluice.gateway.core.admission.OverloadLevel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OverloadWatchTest {

  private final Deque<Means> readings = new ArrayDeque<>();
  private final List<OverloadLevel> told = new ArrayList<>();
  private int brokenOff;
  private long nowNanos;

  private final OverloadWatch watch = new OverloadWatch(() -> nowNanos, _ -> readings::remove);
  private final OverloadWatch.Acting acting =
      new OverloadWatch.Acting(List.of(told::add), () -> brokenOff++);

  @AfterEach
  void stop() {
    watch.close();
  }

  @Test
  void theMeansAreReadAtEachFifthTickAndTheLevelIsToldWhileItIsNotCalm() {
    look(heap(0.5));
    look(heap(0.91));
    look(heap(0.9));
    look(heap(0.5));
    look(heap(0.5));
    assertThat(told).containsExactly(OverloadLevel.SHORT, OverloadLevel.SHORT, OverloadLevel.CALM);
    assertThat(watch.level()).isEqualTo(OverloadLevel.CALM);
  }

  @Test
  void oneAnswerIsBrokenOffForEachReadingThatShowsThatItDidNotHelp() {
    look(heap(0.985));
    look(heap(0.985));
    assertThat(brokenOff).as("no collection since").isEqualTo(1);
    look(heap(0.981));
    assertThat(brokenOff).isEqualTo(2);
    look(heap(0.97));
    assertThat(watch.brokenOff()).as("enough").isEqualTo(2);
    assertThat(watch.means()).isEqualTo(heap(0.97));
  }

  @Test
  void aLookThatFailsIsNotTheLast() {
    readings.clear();
    watch.tick(acting);
    ticks(4);
    look(heap(0.99));
    assertThat(watch.level()).isEqualTo(OverloadLevel.SPENT);
  }

  @Test
  void theMeansOfThisProcessAreShares() {
    Means means = new ProcessWatch(() -> 0.25).get();
    assertThat(means.heap()).isBetween(0.0, 1.0);
    assertThat(means.directMemory()).isBetween(0.0, 1.0);
    assertThat(means.descriptors()).isBetween(1e-6, 1.0);
    assertThat(means.lag()).isEqualTo(0.25);
  }

  @Test
  void lagIsWhatAboutOneTimerInAHundredExceeded() {
    LagWatch lag = new LagWatch(0);
    nowNanos = 0;
    for (int i = 0; i < 200; i++) {
      lag.ticked(nowNanos += LagWatch.TICK_NANOS);
    }
    assertThat(lag.share()).isZero();
    lag.ticked(nowNanos += LagWatch.TICK_NANOS + 3_000_000_000L);
    lag.ticked(nowNanos += LagWatch.TICK_NANOS + 2_000_000_000L);
    assertThat(lag.share()).as("a pause or two").isZero();
    lag.ticked(nowNanos += LagWatch.TICK_NANOS + 900_000_000L);
    assertThat(lag.share()).isEqualTo(0.9);
    for (int i = 0; i < 200; i++) {
      lag.ticked(nowNanos += LagWatch.TICK_NANOS);
    }
    assertThat(lag.share()).as("ten seconds later").isZero();
  }

  /** One look, which reads {@code means}, and the ticks until the next is due. */
  private void look(Means means) {
    readings.add(means);
    watch.tick(acting);
    assertThat(readings).isEmpty();
    ticks(4);
  }

  private void ticks(int count) {
    for (int i = 0; i < count; i++) {
      watch.tick(acting);
    }
  }

  private static Means heap(double share) {
    return new Means(share, 0, 0, 0);
  }
}
