package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.loadtest.workload.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the engines attain never exceeds the bound: random fleets and workloads. */
final class BoundPropertyTest {

  private static final int CASES = Boolean.getBoolean("thorough") ? 400 : 50;
  private static final BoundSettings QUICK = new BoundSettings(0, 40);

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  /** A case in which every request keeps its budget to the nanosecond. */
  private static final class TightCase {

    final RandomCase subject;
    final BoundProblem problem;
    final EngineEvaluator evaluator;
    final int[] assignment;
    final Attainment attained;

    TightCase(long seed) {
      subject = new RandomCase(seed);
      EngineEvaluator free = subject.evaluator(subject.problem(subject.withoutBudgets()));
      assignment = subject.randomAssignment(free.deployments());
      Attainment times = free.evaluate(assignment);
      List<Budget> budgets = new ArrayList<>();
      for (int request = 0; request < assignment.length; request++) {
        budgets.add(budgetOf(times, request));
      }
      problem = subject.problem(budgets);
      evaluator = subject.evaluator(problem);
      attained = evaluator.evaluate(assignment);
    }

    /** Some of the parts that were attained, at least one. */
    private Budget budgetOf(Attainment times, int request) {
      if (times.totalNanos(request) == Attainment.NEVER) {
        return Budget.NONE;
      }
      int parts = 1 + subject.random.nextInt(7);
      return new Budget(
          (parts & 1) == 0 ? 0 : times.ttftNanos(request),
          (parts & 2) == 0 ? 0 : times.tpotNanos(request),
          (parts & 4) == 0 ? 0 : times.totalNanos(request));
    }
  }

  /** A window and the work that is done in it, by way of sharing. */
  private static final class Piece {
    final long fromNanos;
    final long untilNanos;
    final float[] seconds;

    Piece(long fromNanos, long untilNanos, float[] seconds) {
      this.fromNanos = fromNanos;
      this.untilNanos = untilNanos;
      this.seconds = seconds.clone();
    }
  }

  /**
   * For windows and preemptive work, the work of all windows within an interval fits into the
   * interval, for every interval, exactly if the linear program can serve all.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void whatTheEnginesDidInTimeFitsIntoTheWindowsOfTheLinearProgram(long seed) {
    TightCase tight = new TightCase(seed);
    for (int pool = 0; pool < tight.subject.profiles.size(); pool++) {
      List<Piece> pieces = pieces(tight, pool);
      int ways = new Constraints(tight.problem.pools()).ofPool(pool);
      for (int way = 0; way < ways; way++) {
        assertFit(pieces, way, tight.subject.replicas.get(pool));
      }
    }
  }

  private static List<Piece> pieces(TightCase tight, int pool) {
    PoolNeeds needs = PoolNeeds.of(tight.problem.pools().get(pool));
    Need need = new Need(new Constraints(tight.problem.pools()).mostOfOnePool());
    List<Piece> pieces = new ArrayList<>();
    for (int request = 0; request < tight.assignment.length; request++) {
      if (tight.attained.met(request) && tight.evaluator.pool(tight.assignment[request]) == pool) {
        assertThat(needs.measure(tight.problem, request, need))
            .as("%s was met by %s", tight.subject.requests.get(request), needs)
            .isTrue();
        pieces.add(new Piece(need.promptFromNanos, need.promptUntilNanos, need.promptSeconds));
        pieces.add(new Piece(need.answerFromNanos, need.answerUntilNanos, need.answerSeconds));
      }
    }
    return pieces;
  }

  private static void assertFit(List<Piece> pieces, int way, int replicas) {
    for (Piece first : pieces) {
      for (Piece last : pieces) {
        double work = 0;
        for (Piece piece : pieces) {
          boolean inside =
              piece.fromNanos >= first.fromNanos && piece.untilNanos <= last.untilNanos;
          work += inside ? piece.seconds[way] : 0;
        }
        double room = Math.max(0, last.untilNanos - first.fromNanos) * 1e-9 * replicas;
        assertThat(work).isLessThanOrEqualTo(room * (1 + 1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theBoundAllowsWhatTheEnginesDidInTime(long seed) {
    TightCase tight = new TightCase(seed);
    Certificate certificate = new Bound(() -> 0, QUICK).upper(tight.problem, ProgressListener.NONE);
    assertThat(certificate.upperValue())
        .isGreaterThanOrEqualTo(tight.attained.value() * (1 - 1e-12));
    assertThat(CertificateChecker.upperValue(tight.problem, certificate))
        .isCloseTo(certificate.upperValue(), within(1e-9 * certificate.upperValue()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noAssignmentBeatsTheBound(long seed) {
    RandomCase subject = new RandomCase(seed);
    BoundProblem problem = subject.problem(budgetsAroundSoloTimes(subject));
    EngineEvaluator evaluator = subject.evaluator(problem);
    int deployments = evaluator.deployments();
    int[] turns = new int[problem.size()];
    Arrays.setAll(turns, request -> request % deployments);
    Hindsight hindsight =
        new Hindsight(evaluator, List.of(subject.randomAssignment(deployments), turns), 60, seed);
    Bracket bracket = new Bound(() -> 0, QUICK).of(problem, hindsight, ProgressListener.NONE);
    assertThat(bracket.lowerValue()).isLessThanOrEqualTo(bracket.upperValue() * (1 + 1e-12));
    for (int[] start : hindsight.starts()) {
      assertThat(evaluator.evaluate(start).value()).isLessThanOrEqualTo(bracket.lowerValue());
    }
  }

  /** Budgets from barely possible to loose, by what a randomly chosen deployment takes alone. */
  private static List<Budget> budgetsAroundSoloTimes(RandomCase subject) {
    EngineEvaluator free = subject.evaluator(subject.problem(subject.withoutBudgets()));
    List<Budget> budgets = new ArrayList<>();
    for (int request = 0; request < subject.requests.size(); request++) {
      int[] alone = new int[subject.requests.size()];
      Arrays.fill(alone, -1);
      alone[request] = subject.random.nextInt(free.deployments());
      Attainment times = free.evaluate(alone);
      double slack = 1 + 3 * subject.random.nextDouble();
      int parts = subject.random.nextInt(8);
      boolean served = times.totalNanos(request) != Attainment.NEVER;
      budgets.add(
          served
              ? new Budget(
                  (parts & 1) == 0 ? 0 : (long) (times.ttftNanos(request) * slack),
                  (parts & 2) == 0 ? 0 : (long) (times.tpotNanos(request) * slack),
                  (parts & 4) == 0 ? 0 : (long) (times.totalNanos(request) * slack))
              : Budget.NONE);
    }
    return budgets;
  }

  @Test
  void theCasesHavePreemptionsAndCacheHits() {
    long preemptions = 0;
    long cachedTokens = 0;
    for (long seed = 0; seed < 100; seed++) {
      TightCase tight = new TightCase(seed);
      EngineReplay replay = new EngineReplay(tight.subject, tight.evaluator, tight.assignment);
      preemptions += replay.preemptions;
      cachedTokens += replay.cachedTokens;
    }
    assertThat(preemptions).isGreaterThan(100);
    assertThat(cachedTokens).isGreaterThan(1_000);
  }
}
