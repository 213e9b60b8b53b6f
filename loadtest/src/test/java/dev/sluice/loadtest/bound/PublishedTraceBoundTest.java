package dev.sluice.loadtest.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.loadtest.PublishedTraces;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ServiceClass;
import dev.sluice.loadtest.workload.Trace;
import dev.sluice.loadtest.workload.TraceRow;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bound on a published trace: two models on nine pools, three times as fast as recorded. */
@Tag("thorough")
final class PublishedTraceBoundTest {

  private static final String CONVERSATION = "azure-llm-2023-conv-first40min.csv";
  private static final int SPEED = 3;

  private static final List<Profile> LARGE =
      profiles(
          "h100x4-llama-3.3-70b",
          "h200x4-llama-3.3-70b",
          "b200x2-llama-3.3-70b",
          "a100x4-llama-3.3-70b",
          "groq-lpu-llama-3.3-70b");

  private static final List<Profile> SMALL =
      profiles(
          "h100-llama-3.1-8b", "b200-llama-3.1-8b", "l40s-llama-3.1-8b", "groq-lpu-llama-3.1-8b");

  @BeforeAll
  static void tracesAreThere() {
    PublishedTraces.assumePresent();
  }

  private static List<Profile> profiles(String... names) {
    return Stream.of(names)
        .map(name -> Profiles.find(name).orElseThrow())
        .map(profile -> profile.name().startsWith("groq") ? profile.withSlots(4) : profile)
        .toList();
  }

  @Test
  void theBracketIsClosedFromBothSides() throws IOException {
    List<Profile> profiles = Stream.concat(LARGE.stream(), SMALL.stream()).toList();
    BoundProblem problem = problem(profiles);
    EngineEvaluator evaluator =
        new EngineEvaluator(problem, EngineEvaluator.replicasOf(problem, profiles));
    Bracket bracket =
        new Bound(() -> 0, new BoundSettings(0, 200))
            .of(problem, new Hindsight(evaluator, List.of(), 150, 1), ProgressListener.NONE);
    assertThat(problem.size()).isEqualTo(14_176);
    assertThat(CertificateChecker.upperValue(problem, bracket.certificate()))
        .isCloseTo(bracket.upperValue(), within(1e-9 * bracket.upperValue()));
    assertThat(bracket.upperRatio()).isLessThan(1);
    assertThat(bracket.lowerRatio()).isBetween(0.9, bracket.upperRatio());
  }

  private static BoundProblem problem(List<Profile> profiles) throws IOException {
    List<Budget> budgets =
        ServiceClass.BUILT_IN.stream()
            .filter(each -> List.of("coding", "chat", "relaxed", "batch").contains(each.name()))
            .map(ServiceClass::budget)
            .toList();
    BoundProblem.Builder builder =
        BoundProblem.builder(profiles.stream().map(each -> BoundPool.of(each, 1)).toList());
    SplittableRandom random = new SplittableRandom(7);
    for (TraceRow row : Trace.read(PublishedTraces.file(CONVERSATION), 1).rows()) {
      BitSet eligible = new BitSet();
      boolean large = random.nextInt(10) < 7;
      eligible.set(large ? 0 : LARGE.size(), large ? LARGE.size() : profiles.size());
      Budget budget = budgets.get(random.nextInt(budgets.size()));
      builder.add(
          new BoundRequest(
              row.atNanos() / SPEED, row.inputTokens(), row.outputTokens(), 0, 1, budget),
          eligible);
    }
    return builder.build();
  }
}
