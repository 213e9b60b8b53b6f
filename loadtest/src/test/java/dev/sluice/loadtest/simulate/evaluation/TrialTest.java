package dev.sluice.loadtest.simulate.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forecaster on a small fleet that is not what its data sheets say, seeded. */
final class TrialTest {

  private static final long SECOND = 1_000_000_000;
  private static final Schedule SCHEDULE =
      new ScheduleBuilder(ClassMix.parse("interactive=1", Map.of()), 1)
          .synthetic(ArrivalProcess.parse("poisson"), 11, 400 * SECOND);
  private static final RoutingPolicy ANYONE =
      (candidates, random) -> random.nextInt(candidates.size());
  private static final Scoreboard PILOT = run(Setting.PILOT, ANYONE);

  @Test
  void wrongDataSheetsAndASlowDownAreLearned() {
    Scoreboard board = PILOT;
    Score learned = board.all(Rivals.LEARNED, Quantity.FIRST_TOKEN);
    assertThat(learned.requests()).isGreaterThan(4_000);
    assertThat(learned.medianError()).isLessThan(0.05);
    assertThat(learned.upperCoverage()).isBetween(0.88, 0.92);
    assertThat(learned.upmostCoverage()).isBetween(0.984, 0.996);
    assertThat(learned.brier()).isLessThan(0.012);
    assertThat(learned.calibrationError()).isLessThan(0.01);
  }

  @Test
  void theTimePerTokenIsCoveredAsWell() {
    Score learned = PILOT.all(Rivals.LEARNED, Quantity.PER_TOKEN);
    assertThat(learned.upperCoverage()).isBetween(0.87, 0.93);
    assertThat(learned.upmostCoverage()).isBetween(0.98, 0.998);
    assertThat(learned.calibrationError()).isLessThan(0.015);
  }

  @Test
  void theOddsOfAllPartsTogetherAreKept() {
    Scoreboard board = PILOT;
    Score joint = board.joint(Rivals.LEARNED);
    assertThat(joint.calibrationError()).isLessThan(0.02);
    assertThat(joint.brier()).isLessThan(board.joint(Rivals.PHYSICS).brier());
  }

  @Test
  void learningBeatsWhatDoesNotLearnAndWhatKnowsNoPhysics() {
    Scoreboard board = PILOT;
    for (Quantity quantity : Quantity.values()) {
      double learned = board.all(Rivals.LEARNED, quantity).brier();
      assertThat(learned).isLessThan(board.all(Rivals.PHYSICS, quantity).brier());
      assertThat(learned).isLessThan(board.all("climatology", quantity).brier());
      assertThat(learned).isLessThan(board.all("ewma", quantity).brier() + 0.001);
    }
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chunk 2048",
        "memory for a twentieth",
        "mixture of experts",
        "noise 15 %",
        "slots full",
        "30 % slower",
        "30 % faster",
        "slows down"
      })
  void soAreMoreOfThem(String setting) {
    enginesItWasNotBuiltOnAreCovered(setting);
  }

  @ParameterizedTest
  @ValueSource(strings = "hidden neighbour")
  void enginesItWasNotBuiltOnAreCovered(String setting) {
    Score learned = run(setting, ANYONE).all(Rivals.LEARNED, Quantity.FIRST_TOKEN);
    assertThat(learned.medianError()).isLessThan(0.11);
    assertThat(learned.upperCoverage()).isBetween(0.87, 0.93);
    assertThat(learned.upmostCoverage()).isBetween(0.98, 0.998);
    assertThat(learned.calibrationError()).isLessThan(0.012);
  }

  @Test
  void aRuleThatLooksAtLoadIsForecastAsWell() {
    Score learned =
        run(Setting.PILOT, Policies.named("least-request"))
            .all(Rivals.LEARNED, Quantity.FIRST_TOKEN);
    assertThat(learned.medianError()).isLessThan(0.06);
    assertThat(learned.upperCoverage()).isBetween(0.88, 0.92);
  }

  @Test
  void equalInputsGiveEqualScores() {
    assertThat(ScoreTable.scores("", run(Setting.PILOT, ANYONE)))
        .isEqualTo(ScoreTable.scores("", PILOT));
  }

  private static Scoreboard run(String setting, RoutingPolicy policy) {
    return new Trial(
            Setting.named(setting, SCHEDULE.horizonNanos() / 2), SCHEDULE.requests(), policy, 7)
        .run();
  }
}
