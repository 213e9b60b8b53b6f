package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.workload.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EngineEvaluatorTest {

  private static final int MOVES = 30;

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterAnyMovesItSaysWhatFreshEnginesDo(long seed) {
    RandomCase subject = new RandomCase(seed);
    EngineEvaluator evaluator = subject.evaluator(subject.problem(subject.withoutBudgets()));
    int[] assignment = subject.randomAssignment(evaluator.deployments());
    for (int move = 0; move < MOVES; move++) {
      assertSame(subject, evaluator, assignment);
      int request = subject.random.nextInt(assignment.length);
      assignment[request] = subject.random.nextInt(evaluator.deployments() + 1) - 1;
    }
  }

  private static void assertSame(RandomCase subject, EngineEvaluator evaluator, int[] assignment) {
    Attainment attainment = evaluator.evaluate(assignment);
    EngineReplay replay = new EngineReplay(subject, evaluator, assignment);
    for (int request = 0; request < assignment.length; request++) {
      long arrival = subject.requests.get(request).arrivalNanos();
      boolean served = replay.lastTokens[request] != Attainment.NEVER;
      assertThat(attainment.ttftNanos(request))
          .isEqualTo(served ? replay.firstTokens[request] - arrival : Attainment.NEVER);
      assertThat(attainment.totalNanos(request))
          .isEqualTo(served ? replay.lastTokens[request] - arrival : Attainment.NEVER);
      assertThat(attainment.met(request)).isEqualTo(served);
    }
  }

  @Test
  void aRequestMeetsItsBudgetIfEveryPartIsKept() {
    RandomCase subject = new RandomCase(3);
    List<Budget> none = subject.withoutBudgets();
    EngineEvaluator free = subject.evaluator(subject.problem(none));
    int[] assignment = new int[none.size()];
    Attainment times = free.evaluate(assignment);
    int request = 0;
    long ttft = times.ttftNanos(request);
    long total = times.totalNanos(request);
    assertThat(metWith(subject, new Budget(ttft, 0, total))).isTrue();
    assertThat(metWith(subject, new Budget(ttft - 1, 0, total))).isFalse();
    assertThat(metWith(subject, new Budget(ttft, 0, total - 1))).isFalse();
  }

  private static boolean metWith(RandomCase subject, Budget budget) {
    List<Budget> budgets = new ArrayList<>(subject.withoutBudgets());
    budgets.set(0, budget);
    EngineEvaluator evaluator = subject.evaluator(subject.problem(budgets));
    return evaluator.evaluate(new int[budgets.size()]).met(0);
  }

  @Test
  void whatIsWrongWithAnAssignmentIsSaid() {
    RandomCase subject = new RandomCase(1);
    EngineEvaluator evaluator = subject.evaluator(subject.problem(subject.withoutBudgets()));
    int[] assignment = new int[subject.requests.size()];
    assignment[0] = evaluator.deployments();
    assertThatThrownBy(() -> evaluator.evaluate(assignment))
        .hasMessage(
            "deployment of request 0: %d (expected: -1..%d)",
            evaluator.deployments(), evaluator.deployments() - 1);
    assertThatThrownBy(() -> evaluator.evaluate(new int[0]))
        .hasMessage("assignment: 0 requests (expected: %d)", subject.requests.size());
  }
}
