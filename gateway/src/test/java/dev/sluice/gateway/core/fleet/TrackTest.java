package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TrackTest {

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void everyLnRatioFallsIntoTheBinThatHoldsIt() {
    for (double lnRatio = Track.LEAST; lnRatio < Track.MOST; lnRatio += 0.0007) {
      int bin = Track.bin(lnRatio);
      assertThat(lnRatio).isBetween(Track.at(bin) - 1e-9, Track.at(bin + 1) + 1e-9);
    }
    assertThat(Track.bin(-99)).isZero();
    assertThat(Track.bin(99)).isEqualTo(Track.BINS - 1);
  }

  @Test
  void binsAreFineWhereForecastsAreGood() {
    int bin = Track.bin(0);
    assertThat(Track.at(bin + 1) - Track.at(bin)).isLessThan(0.01);
    assertThat(Track.at(0)).isEqualTo(Track.LEAST);
    assertThat(Track.at(Track.BINS)).isEqualTo(Track.MOST);
  }

  @Test
  void probabilitiesRiseFromZeroToOne() {
    for (int i = 0; i < 50; i++) {
      Track track = anyTrack();
      double agedShare = random.nextDouble();
      double before = 0;
      for (double lnRatio = -3; lnRatio < 4; lnRatio += 0.01) {
        double probability = track.atMost(lnRatio, agedShare);
        assertThat(probability).isBetween(before, 1.0);
        before = probability;
      }
      assertThat(track.atMost(Double.NEGATIVE_INFINITY, agedShare)).isZero();
      assertThat(track.atMost(Double.POSITIVE_INFINITY, agedShare)).isEqualTo(1);
    }
  }

  @Test
  void aQuantileIsStayedBelowWithItsProbability() {
    for (int i = 0; i < 50; i++) {
      Track track = anyTrack();
      double agedShare = random.nextDouble();
      for (double probability = 0.01; probability < 1; probability += 0.01) {
        double lnRatio = track.quantile(probability, agedShare);
        assertThat(track.atMost(lnRatio, agedShare)).isCloseTo(probability, within(1e-5));
      }
    }
  }

  @Test
  void whatWasLearnedLongAgoSaysLess() {
    float[] sharp = new float[Track.BINS + 1];
    Arrays.fill(sharp, Track.bin(0) + 1, sharp.length, 1);
    Track track = new Track(factors(), sharp, 100, 0);
    long hour = 3_600_000_000_000L;
    assertThat(track.agedShare(0)).isZero();
    assertThat(track.agedShare(hour)).isBetween(0.5, 1.0);
    assertThat(track.quantile(0.99, track.agedShare(hour)))
        .isGreaterThan(track.quantile(0.99, track.agedShare(hour / 60)))
        .isGreaterThan(0.5);
    assertThat(track.agedShare(-hour)).isZero();
  }

  @Test
  void whatWasNeverLearnedDoesNotAge() {
    assertThat(Track.prior().agedShare(Long.MAX_VALUE)).isZero();
    assertThat(Track.prior().quantile(0.5, 0)).isCloseTo(0, within(1e-3));
  }

  @Test
  void asManyMeasurementsLieAboveTheMedianRatioAsBelow() {
    for (int i = 0; i < 50; i++) {
      Track track = anyTrack();
      assertThat(track.atMost(Math.log(track.medianRatio()), 0)).isCloseTo(0.5, within(1e-5));
    }
    assertThat(Track.prior().medianRatio()).isCloseTo(1, within(1e-3));
  }

  @Test
  void aDistributionOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> new Track(factors(), new float[3], 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7, 3 (expected: 7, 129)");
  }

  /** A track with a distribution that rises anyhow, strictly. */
  private Track anyTrack() {
    double[] weights = random.doubles(Track.BINS, 0.01, 1).toArray();
    double all = Arrays.stream(weights).sum();
    float[] cumulative = new float[Track.BINS + 1];
    double sum = 0;
    for (int bin = 0; bin < Track.BINS; bin++) {
      sum += weights[bin];
      cumulative[bin + 1] = (float) Math.min(1, sum / all);
    }
    cumulative[Track.BINS] = 1;
    return new Track(factors(), cumulative, 1, 0);
  }

  private static double[] factors() {
    double[] factors = new double[Track.COMPONENTS];
    Arrays.fill(factors, 1);
    return factors;
  }
}
