package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The prices against a solver of the linear program whose dual they solve. */
final class DualAgainstLinearProgramTest {

  private static final Grid GRID = new Grid(500_000_000, 64);

  /** So far above the optimum may the bound be: the worst seen is a sixth of it. */
  private static final double TOLERANCE = 0.01;

  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({
    "1, 60, 3",
    "1, 60, 10",
    "1, 60, 30",
    "0, 60, 30",
    "2, 60, 30",
    "3, 60, 30",
    "5, 60, 30",
    "7, 60, 30",
    "13, 40, 50",
    "14, 60, 100",
    "15, 60, 100"
  })
  void inMoreCasesToo(long seed, int requests, double rate) {
    theBoundLiesJustAboveTheOptimum(seed, requests, rate);
  }

  @ParameterizedTest
  @CsvSource({"11, 20, 8", "12, 40, 50", "16, 3, 1"})
  void theBoundLiesJustAboveTheOptimum(long seed, int requests, double rate) {
    BoundProblem problem = new CrowdedCase(seed, requests, rate).problem;
    double optimum = new LinearProgram(problem, GRID).maximum();
    UpperBound upper =
        new UpperBound(problem, GRID, new BoundSettings(0, 2_000), ProgressListener.NONE);
    double bound = upper.certificate().upperValue();
    assertThat(bound).isBetween(optimum * (1 - 1e-9), optimum * (1 + TOLERANCE));
  }
}
