package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.Track;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LearnerTest {

  private final LearnerFixtures slow = new LearnerFixtures(1.3);

  @Test
  void whoHasLearnedNothingForecastsByPhysicsWithTheSpreadOfThePrior() {
    Track track = Calibration.NONE.idleFirstToken();
    assertThat(track.factor(0)).isEqualTo(1);
    assertThat(track.quantile(0.9, 0)).isCloseTo(0.3 * 1.2816, within(0.02));
    assertThat(new Learner(3).changed()).isEmpty();
  }

  @Test
  void aWrongDataSheetIsCorrectedWithinFiftyAnswers() {
    slow.serve(50);
    assertThat(medianErrorOf(slow, 200)).isLessThan(0.05);
  }

  @Test
  void eachComponentFindsItsOwnFactor() {
    LearnerFixtures backend = new LearnerFixtures(1);
    backend.trueFactors[Components.OWN_PROMPT] = 1.5;
    backend.trueFactors[Components.STEPS] = 0.7;
    backend.trueSpread = 0.02;
    backend.serve(3_000);
    assertThat(medianErrorOf(backend, 300)).isLessThan(0.025);
    Track track = backend.calibration.idleFirstToken();
    assertThat(track.factor(Components.OWN_PROMPT))
        .isGreaterThan(1.4 * track.factor(Components.STEPS));
  }

  @Test
  void quantilesCoverWhatTheySay() {
    slow.serve(500);
    int upper = 0;
    int upmost = 0;
    for (int i = 0; i < 4_000; i++) {
      Track said = slow.calibration.idleFirstToken();
      double lnRatio = slow.serve();
      upper += lnRatio <= said.quantile(0.9, 0) ? 1 : 0;
      upmost += lnRatio <= said.quantile(0.99, 0) ? 1 : 0;
    }
    assertThat(upper / 4_000.0).isCloseTo(0.9, within(0.01));
    assertThat(upmost / 4_000.0).isCloseTo(0.99, within(0.005));
  }

  @Test
  void aBackendThatSlowsDownIsFollowed() {
    slow.serve(500);
    Arrays.fill(slow.trueFactors, 2.0);
    slow.serve(60);
    assertThat(medianErrorOf(slow, 200)).isLessThan(0.06);
  }

  @Test
  void whatIsOverdueCountsAsLateBeforeItsTokenComes() {
    slow.serve(300);
    double before = slow.calibration.idleFirstToken().factor(Components.OWN_PROMPT);
    for (int i = 0; i < 20; i++) {
      slow.learner.learn(new Label.Sent(slow.predict(), slow.nowNanos));
    }
    slow.pass(2_000 * LearnerFixtures.MILLISECOND);
    slow.take();
    Track track = slow.calibration.idleFirstToken();
    assertThat(track.factor(Components.OWN_PROMPT)).isGreaterThan(1.5 * before);
    assertThat(track.atMost(0.2, 0)).isLessThan(0.95);
  }

  @Test
  void aTokenThatComesAfterAllCorrectsWhatItsDelayTaught() {
    LearnerFixtures patient = new LearnerFixtures(1.3);
    for (LearnerFixtures each : List.of(slow, patient)) {
      each.serve(300);
      Prediction prediction = each.predict();
      long late = (long) (1.5 * prediction.forecast().firstTokenNanos());
      each.learner.learn(new Label.Sent(prediction, each.nowNanos));
      if (each == slow) {
        each.pass(late);
      } else {
        each.nowNanos += late;
      }
      each.learner.learn(new Label.FirstToken(prediction, late, each.nowNanos));
      each.take();
    }
    for (int k = 0; k < Track.COMPONENTS; k++) {
      assertThat(slow.calibration.idleFirstToken().factor(k))
          .isCloseTo(patient.calibration.idleFirstToken().factor(k), within(0.01));
    }
    assertThat(slow.calibration.idleFirstToken().samples())
        .isEqualTo(patient.calibration.idleFirstToken().samples());
  }

  @Test
  void valuesThatCanNotBeAreIgnored() {
    Prediction prediction = slow.predict();
    for (double bad : new double[] {Double.NaN, -1, 0, Double.POSITIVE_INFINITY}) {
      slow.learner.learn(new Label.Ended(prediction, 10, true, bad, 0));
      slow.learner.learn(new Label.FirstToken(prediction, (long) Math.min(bad, 0), 0));
    }
    assertThat(slow.learner.changed()).isEmpty();
  }

  @Test
  void aDeploymentThatIsNotOursIsABug() {
    assertThatThrownBy(() -> new Learner(0).learn(new Label.Sent(slow.predict(), 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deployment: 0");
  }

  @Test
  void onlyWhatChangedIsTold() {
    slow.serve(1);
    assertThat(slow.learner.changed()).isEmpty();
    slow.learner.learn(new Label.FirstToken(slow.predict(), 100, 100));
    assertThat(slow.learner.changed()).hasSize(1);
    assertThat(slow.learner.changed()).isEmpty();
  }

  private static double medianErrorOf(LearnerFixtures backend, int requests) {
    List<Double> errors = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      errors.add(Math.abs(StrictMath.expm1(-backend.serve())));
    }
    errors.sort(null);
    return errors.get(errors.size() / 2);
  }
}
