package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LearnerPropertyTest {

  private static final double[] ODD_VALUES = {
    0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e300, 1, 2e7, 5e8
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void labelsInAnyOrderLeaveATrackThatCanBeRead(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LearnerFixtures backend = new LearnerFixtures(1.3);
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      if (predictions.isEmpty() || random.nextInt(3) == 0) {
        predictions.add(random.nextInt(20) == 0 ? odd(backend, random) : backend.predict());
      }
      backend.nowNanos += random.nextLong(50 * LearnerFixtures.MILLISECOND);
      Prediction prediction = predictions.get(random.nextInt(predictions.size()));
      backend.learner.learn(label(prediction, backend.nowNanos, random));
      backend.learner.passed(backend.nowNanos + random.nextLong(-1_000, 1_000));
      if (random.nextInt(10) == 0) {
        backend.take();
        check(backend.calibration, random);
      }
    }
    assertThat(backend.learner.lengths()).isNotNull();
  }

  private static Prediction odd(LearnerFixtures backend, SplittableRandom random) {
    double[] parts = new double[Track.COMPONENTS];
    parts[0] = ODD_VALUES[random.nextInt(ODD_VALUES.length)];
    return backend.prediction(parts, parts);
  }

  private static Label label(Prediction prediction, long nowNanos, SplittableRandom random) {
    double value = ODD_VALUES[random.nextInt(ODD_VALUES.length)];
    return switch (random.nextInt(3)) {
      case 0 -> new Label.Sent(prediction, nowNanos);
      case 1 -> new Label.FirstToken(prediction, (long) value, nowNanos);
      default ->
          new Label.Ended(
              prediction, random.nextInt(-1, 100), random.nextBoolean(), value, nowNanos);
    };
  }

  private static void check(Calibration calibration, SplittableRandom random) {
    double most = StrictMath.exp(Gains.MOST_GAIN + Gains.MOST_LEVEL) + 1e-9;
    for (Track track :
        List.of(
            calibration.idleFirstToken(),
            calibration.queuedFirstToken(),
            calibration.idlePerToken(),
            calibration.queuedPerToken(),
            calibration.saturatedPerToken())) {
      for (int k = 0; k < Track.COMPONENTS; k++) {
        assertThat(track.factor(k)).isBetween(1 / most, most);
      }
      double agedShare = random.nextDouble();
      double before = 0;
      for (double lnRatio = -3; lnRatio < 4; lnRatio += 0.05) {
        double probability = track.atMost(lnRatio, agedShare);
        assertThat(probability).isBetween(before, 1.0);
        before = probability;
      }
    }
  }
}
