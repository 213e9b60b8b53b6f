package dev.sluice.gateway.core.fleet;

import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class MeasuredTest {

  @Test
  void theFirstSampleIsTheMeanAndLaterOnesWeighByTime() {
    Average one = Average.NONE.with(100, 0);
    assertThat(one.value()).isEqualTo(100);
    assertThat(one.with(200, 0).value()).isCloseTo(101, within(1e-9));
    double after = one.with(200, 10 * SECOND).value();
    assertThat(after).isCloseTo(200 - 100 / Math.E, within(1e-9));
  }

  @Test
  void aMeanStaysBetweenItsSamples() {
    SplittableRandom random = new SplittableRandom(1);
    Average mean = Average.NONE;
    long now = 0;
    for (int i = 0; i < 1000; i++) {
      now += random.nextLong(SECOND);
      mean = mean.with(50 + random.nextInt(51), now);
      assertThat(mean.value()).isBetween(50.0, 100.0);
    }
  }

  @Test
  void aPeakReplacesTheMeanAndFades() {
    Average peak = Average.NONE.withPeak(100, 0).withPeak(500, SECOND);
    assertThat(peak.value()).isEqualTo(500);
    assertThat(peak.faded(11 * SECOND)).isCloseTo(500 / Math.E, within(1e-9));
    // what is above the faded peak is a peak again
    assertThat(peak.withPeak(200, 11 * SECOND).value()).isEqualTo(200);
  }

  @Test
  void theFirstTokensOfOthersDoNotStopThePeakFromFading() {
    Measured measured = Measured.NOTHING.answered(answer(8 * SECOND, 0));
    for (int i = 1; i <= 100; i++) {
      measured = measured.firstToken(1, i * SECOND / 5);
    }
    measured = measured.answered(answer(SECOND, 20 * SECOND));
    assertThat(measured.peakNanos(20 * SECOND)).isLessThan(2.0 * SECOND);
  }

  private static Observation.Ended answer(long nanos, long nowNanos) {
    return new Observation.Ended(0, new Work(10, 10, 1, 1), 10, true, nanos, nowNanos);
  }

  @Test
  void theMedianIsOfTheAnswersWithTheClosestLoad() {
    Answers answers = Answers.NONE;
    assertThat(answers.medianNear(3)).isZero();
    for (int load = 0; load < 16; load++) {
      answers = answers.with(1000 * load, load);
    }
    assertThat(answers.medianNear(8)).isEqualTo(8000);
    assertThat(answers.medianNear(0)).isEqualTo(2000);
    assertThat(answers.medianNear(100)).isEqualTo(13_000);
  }

  @Test
  void onlyTheNewestAnswersAreKept() {
    Answers answers = Answers.NONE;
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < 3 * Answers.MOST; i++) {
      answers = answers.with(i < Answers.MOST ? 1 : 2, 5);
      medians.add(answers.medianNear(5));
    }
    assertThat(medians.subList(0, Answers.MOST)).containsOnly(1.0);
    assertThat(medians.subList(2 * Answers.MOST, medians.size())).containsOnly(2.0);
  }
}
