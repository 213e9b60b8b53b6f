package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 60, 30", "3, 500, 40", "4, 3000, 60"})
  void plainArithmeticFindsTheSameValue(long seed, int requests, double rate) {
    BoundProblem problem = new CrowdedCase(seed, requests, rate).problem;
    Certificate certificate =
        new Bound(() -> 0, new BoundSettings(0, 100)).upper(problem, ProgressListener.NONE);
    assertThat(CertificateChecker.upperValue(problem, certificate))
        .isCloseTo(certificate.upperValue(), within(1e-9 * certificate.upperValue()));
    assertThat(certificate.upperRatio())
        .isCloseTo(certificate.upperValue() / problem.totalValue(), within(1e-12));
    assertThat(certificate.upperValue()).isLessThanOrEqualTo(problem.totalValue());
  }

  @Test
  void anyPricesAreABound() {
    CrowdedCase crowded = new CrowdedCase(5, 60, 30);
    EngineEvaluator evaluator =
        new EngineEvaluator(
            crowded.problem, EngineEvaluator.replicasOf(crowded.problem, crowded.profiles));
    int[] assignment = new SplittableRandom(1).ints(60, 0, 2).toArray();
    Hindsight hindsight = new Hindsight(evaluator, List.of(assignment), 300, 1);
    double attained =
        new HindsightSearch(
                crowded.problem, hindsight, Double.POSITIVE_INFINITY, ProgressListener.NONE)
            .search()
            .attainment()
            .value();
    Grid grid = new Grid(300_000_000, 100);
    Constraints constraints = new Constraints(crowded.problem.pools());
    for (int trial = 0; trial < 50; trial++) {
      double[][] prices = randomPrices(constraints.size(), grid.buckets(), trial);
      Certificate certificate = new Certificate(grid, constraints, prices, 1, 1);
      assertThat(CertificateChecker.upperValue(crowded.problem, certificate))
          .isGreaterThanOrEqualTo(attained);
    }
  }

  private static double[][] randomPrices(int constraints, int buckets, int trial) {
    SplittableRandom random = new SplittableRandom(trial);
    double[][] prices = new double[constraints][buckets];
    double scale = 5 * random.nextDouble();
    for (double[] row : prices) {
      Arrays.setAll(row, _ -> random.nextBoolean() ? 0 : scale * random.nextDouble());
    }
    return prices;
  }

  @Test
  void equalProblemsHaveEqualBounds() {
    Certificate one =
        new Bound(() -> 0).upper(new CrowdedCase(9, 50, 40).problem, ProgressListener.NONE);
    Certificate other =
        new Bound(() -> 0).upper(new CrowdedCase(9, 50, 40).problem, ProgressListener.NONE);
    assertThat(one.upperValue()).isEqualTo(other.upperValue());
    assertThat(one.price(1, 3)).isEqualTo(other.price(1, 3));
  }

  @Test
  void aShareOfTheBoundIsAtMostTheShareOfTheOptimum() {
    Grid grid = new Grid(1, 1);
    Certificate certificate =
        new Certificate(grid, new Constraints(List.of()), new double[0][0], 80, 100);
    assertThat(certificate.leastShareOfOptimum(60)).isCloseTo(0.75, within(1e-12));
  }
}
