package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HindsightSearchTest {

  private static LowerBound search(CrowdedCase crowded, List<int[]> starts, int evaluations) {
    return new HindsightSearch(
            crowded.problem,
            new Hindsight(evaluator(crowded), starts, evaluations, 7),
            Double.POSITIVE_INFINITY,
            ProgressListener.NONE)
        .search();
  }

  private static EngineEvaluator evaluator(CrowdedCase crowded) {
    return new EngineEvaluator(
        crowded.problem, EngineEvaluator.replicasOf(crowded.problem, crowded.profiles));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsTheBestOfAllAssignmentsOfASmallCase(long seed) {
    CrowdedCase crowded = new CrowdedCase(seed, 7, 20);
    EngineEvaluator evaluator = evaluator(crowded);
    double best = 0;
    for (int code = 0; code < Math.pow(3, 7); code++) {
      int[] assignment = new int[7];
      for (int request = 0, rest = code; request < 7; request++, rest /= 3) {
        assignment[request] = rest % 3 - 1;
      }
      best = Math.max(best, evaluator.evaluate(assignment).value());
    }
    assertThat(search(crowded, List.of(), 600).attainment().value()).isEqualTo(best);
  }

  @Test
  void isNeverWorseThanItsStartsAndBetterThanABadOne() {
    CrowdedCase crowded = new CrowdedCase(1, 60, 30);
    int[] allOnOne = new int[60];
    double start = evaluator(crowded).evaluate(allOnOne).value();
    double soon = search(crowded, List.of(allOnOne), 2).attainment().value();
    double late = search(crowded, List.of(allOnOne), 400).attainment().value();
    assertThat(soon).isGreaterThanOrEqualTo(start);
    assertThat(late).isGreaterThan(start);
  }

  @Test
  void whatItFoundIsAttainedByItsAssignment() {
    CrowdedCase crowded = new CrowdedCase(2, 60, 40);
    LowerBound lower = search(crowded, List.of(), 300);
    assertThat(evaluator(crowded).evaluate(lower.assignment()).value())
        .isEqualTo(lower.attainment().value());
    assertThat(lower.evaluations()).isEqualTo(300);
  }

  @Test
  void equalSeedsFindEqualAssignments() {
    CrowdedCase crowded = new CrowdedCase(3, 40, 40);
    assertThat(search(crowded, List.of(), 200).assignment())
        .isEqualTo(search(crowded, List.of(), 200).assignment());
  }

  @Test
  void theBracketHoldsTheOptimumFromBothSides() {
    CrowdedCase crowded = new CrowdedCase(7, 60, 30);
    int[] refused = new int[60];
    Arrays.fill(refused, -1);
    Bracket bracket =
        new Bound(() -> 0)
            .of(
                crowded.problem,
                new Hindsight(evaluator(crowded), List.of(refused), 500, 1),
                ProgressListener.NONE);
    assertThat(bracket.lowerValue()).isPositive().isLessThanOrEqualTo(bracket.upperValue());
    assertThat(bracket.leastShareOfOptimum(bracket.lowerValue())).isLessThanOrEqualTo(1);
    assertThat(bracket.upperRatio()).isLessThanOrEqualTo(1);
    assertThat(bracket.lowerRatio()).isLessThanOrEqualTo(bracket.upperRatio());
  }

  @Test
  void tooFewEvaluationsAreRefused() {
    EngineEvaluator evaluator = evaluator(new CrowdedCase(1, 3, 1));
    assertThatThrownBy(() -> new Hindsight(evaluator, List.of(new int[3]), 1, 1))
        .hasMessage("evaluations: 1 (expected: >= 2, more than starts)");
  }
}
