package dev.sluice.gateway.core.prediction;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.OutputLength;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ForecasterTest {

  private final SplittableRandom random = new SplittableRandom(11);
  private final Forecaster forecaster = forecaster(OutputLength.typical(2_000), 0);

  @Test
  void theOddsOfTwoPartsAreThoseOfBothApart() {
    double first = forecaster.probability(new Budget(130 * MILLISECOND, 0, 0));
    double token = forecaster.probability(new Budget(0, 18 * MILLISECOND, 0));
    assertThat(first).isBetween(0.3, 0.7);
    assertThat(token).isBetween(0.5, 0.9);
    assertThat(forecaster.probability(new Budget(130 * MILLISECOND, 18 * MILLISECOND, 0)))
        .isCloseTo(first * token, within(1e-9));
  }

  @Test
  void aTotalThatFollowsFromTheOtherPartsCostsNothing() {
    Budget parts = new Budget(130 * MILLISECOND, 18 * MILLISECOND, 0);
    Budget withTotal = new Budget(130 * MILLISECOND, 18 * MILLISECOND, 60 * SECOND);
    assertThat(forecaster.probability(withTotal))
        .isCloseTo(forecaster.probability(parts), within(1e-6));
  }

  @Test
  void aTotalCountsTheLengthsThatFit() {
    // 4 s hold about 240 tokens: seven of the ten typical lengths
    assertThat(forecaster.probability(new Budget(0, 0, 4 * SECOND))).isCloseTo(0.7, within(0.07));
  }

  @Test
  void aPartAndATotalShareTheirChance() {
    Forecaster hinted = forecaster(OutputLength.hinted(2_000, 1_001), 0);
    // 1000 gaps of at most 18 ms, or at most 18.12 s in all: nearly the same question twice
    double token = hinted.probability(new Budget(0, 18 * MILLISECOND, 0));
    double both = hinted.probability(new Budget(0, 18 * MILLISECOND, 18_120 * MILLISECOND));
    assertThat(both).isCloseTo(token, within(0.02));
  }

  @Test
  void anAnswerOfOneTokenTakesNoTimeAfterItsFirst() {
    Forecaster one = forecaster(OutputLength.hinted(2_000, 1), 0);
    assertThat(one.probability(new Budget(0, 0, 130 * MILLISECOND)))
        .isCloseTo(one.probability(new Budget(130 * MILLISECOND, 0, 0)), within(0.2));
  }

  @Test
  void whatHasPassedSinceTheArrivalCounts() {
    Budget budget = new Budget(130 * MILLISECOND, 0, 0);
    Forecaster late = forecaster(OutputLength.typical(2_000), 20 * MILLISECOND);
    assertThat(late.probability(budget)).isLessThan(forecaster.probability(budget) - 0.1);
    Forecaster tooLate = forecaster(OutputLength.typical(2_000), 200 * MILLISECOND);
    assertThat(tooLate.probability(budget)).isZero();
    assertThat(tooLate.probability(new Budget(0, 0, 100 * MILLISECOND))).isZero();
  }

  @Test
  void moreTimeNeverLowersTheOdds() {
    for (int i = 0; i < 3_000; i++) {
      Budget budget = anyBudget();
      Budget wider =
          new Budget(
              wider(budget.firstTokenNanos()),
              wider(budget.perTokenNanos()),
              wider(budget.totalNanos()));
      double odds = forecaster.probability(budget);
      assertThat(odds).as("%s", budget).isBetween(0.0, 1.0);
      assertThat(forecaster.probability(wider)).as("%s", wider).isGreaterThan(odds - 1e-9);
    }
  }

  @Test
  void theSafeBudgetIsMetNineTimesInTenForEachPart() {
    Budget safe = forecaster.safeBudget();
    assertThat(forecaster.firstTokenWithin(safe.firstTokenNanos())).isCloseTo(0.9, within(1e-3));
    assertThat(forecaster.perTokenWithin(safe.perTokenNanos())).isCloseTo(0.9, within(1e-3));
  }

  @Test
  void theForecastSaysWhatIsKeptInNineOfTenCases() {
    Forecast forecast = forecaster.forecast();
    Track prior = Track.prior();
    double ratio = StrictMath.exp(prior.quantile(0.9, 0)) / prior.medianRatio();
    assertThat(ratio).as("of a spread of 0.3").isCloseTo(Math.exp(1.2816 * 0.3), within(0.02));
    assertThat(forecast.firstTokenP90Nanos() / forecast.firstTokenNanos())
        .isCloseTo(ratio, within(1e-9));
    assertThat(forecast.perTokenP90Nanos() / forecast.perTokenNanos())
        .isCloseTo(ratio, within(1e-9));
    assertThat(forecaster.firstTokenWithin(forecast.firstTokenP90Nanos()))
        .isCloseTo(0.9, within(1e-3));
  }

  @Test
  void whatIsKeptInNineOfTenCasesIsNeverBelowTheMedianHoweverOldItsTrack() {
    float[] high = new float[Track.BINS + 1];
    Arrays.fill(high, Track.bin(1.5), high.length, 1);
    Track track = Track.prior().with(new double[Track.COMPONENTS], 1_000, 0).with(high);
    Distribution distribution = new Distribution();
    distribution.set(100 * MILLISECOND, track, 0);
    assertThat(distribution.upperNanos()).isGreaterThan(distribution.medianNanos());
    distribution.set(100 * MILLISECOND, track, 1_000_000 * SECOND);
    assertThat(distribution.quantileNanos(Spread.UPPER)).isLessThan(distribution.medianNanos());
    assertThat(distribution.upperNanos()).isEqualTo(distribution.medianNanos());
  }

  @Test
  void aPredictionRemembersWhatItWasMadeOf() {
    AdmittedRequest request = CoreFixtures.admitted(1_000, 200, Budget.NONE);
    Forecaster made = new Forecaster(request, 0);
    DeploymentState state = CoreFixtures.state(CoreFixtures.gpu(0, "gpu"), Load.IDLE);
    made.on(state, 0);
    Prediction prediction = made.prediction(state);
    made.on(CoreFixtures.state(CoreFixtures.lpu(0, "lpu", 8), Load.IDLE), 0);
    assertThat(prediction.firstToken().nanos())
        .isEqualTo(prediction.forecast().firstTokenNanos())
        .isEqualTo(
            Components.firstToken(
                prediction.firstToken().parts(), prediction.firstToken().track()));
    assertThat(prediction.lengthKey().model()).isEqualTo(CoreFixtures.MODEL);
    assertThat(prediction.firstToken().usable()).isTrue();
  }

  private Budget anyBudget() {
    return new Budget(
        random.nextBoolean() ? 0 : random.nextLong(SECOND),
        random.nextBoolean() ? 0 : random.nextLong(60 * MILLISECOND),
        random.nextBoolean() ? 0 : random.nextLong(10 * SECOND));
  }

  private long wider(long nanos) {
    return nanos == 0 ? 0 : nanos + random.nextLong(SECOND);
  }

  private static Forecaster forecaster(OutputLength output, long nowNanos) {
    AdmittedRequest example = CoreFixtures.admitted(1_000, 200, Budget.NONE);
    Forecaster forecaster =
        new Forecaster(
            new AdmittedRequest(
                example.request(),
                example.model(),
                example.serviceClass(),
                Budget.NONE,
                Long.MAX_VALUE,
                output),
            nowNanos);
    forecaster.on(CoreFixtures.state(CoreFixtures.gpu(0, "gpu"), Load.IDLE), 0);
    return forecaster;
  }
}
