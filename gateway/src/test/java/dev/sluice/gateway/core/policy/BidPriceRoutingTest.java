package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static dev.sluice.gateway.core.policy.PolicyFixtures.candidates;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Paces;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Criticality;
import dev.sluice.gateway.core.request.ServiceClass;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BidPriceRoutingTest {

  private static final RandomGenerator RANDOM = new SplittableRandom(1);

  private static final Budget RELAXED = new Budget(2 * SECOND, 100 * MILLISECOND, 0);
  private static final Budget INTERACTIVE = new Budget(450 * MILLISECOND, 40 * MILLISECOND, 0);
  private static final Budget CODING = new Budget(500 * MILLISECOND, 10 * MILLISECOND, 0);
  private static final Budget BATCH = new Budget(0, 0, 600 * SECOND);

  private final BidPriceRouting rule = new BidPriceRouting();

  private static AdmittedRequest asking(Budget budget) {
    return CoreFixtures.admitted(1000, 200, budget);
  }

  private static Deployment at(Deployment deployment, double perHourUsd) {
    return new Deployment(
        deployment.index(),
        deployment.identity(),
        deployment.figures(),
        new Economics(perHourUsd, 0, 0, deployment.economics().energy()),
        deployment.contextTokens());
  }

  private static FleetSnapshot fleet(Deployment... deployments) {
    return PolicyFixtures.fleet(deployments.length, i -> deployments[i]);
  }

  /** {@code fleet} with so many streams of {@code budget} under way on a deployment. */
  private static FleetSnapshot streaming(
      FleetSnapshot fleet, int index, int streams, Budget budget) {
    FleetSnapshot now = fleet;
    for (int i = 0; i < streams; i++) {
      Work work = Work.of(now.get(index), asking(budget));
      now =
          now.after(new Observation.Dispatched(index, work, 0))
              .after(new Observation.FirstToken(index, work, MILLISECOND, MILLISECOND));
    }
    return now;
  }

  private int choose(FleetSnapshot fleet, Budget budget, long nowNanos) {
    return rule.choose(candidates(fleet, asking(budget), nowNanos), RANDOM);
  }

  private double score(FleetSnapshot fleet, int place, Budget budget, long nowNanos) {
    return rule.score(candidates(fleet, asking(budget), nowNanos), place);
  }

  @Test
  void ofTwoThatAreAlikeTheCheaperIsChosenAtAnyPriceLevel() {
    for (double level : new double[] {1e-3, 1, 1e3}) {
      FleetSnapshot two =
          fleet(
              at(CoreFixtures.gpu(0, "dear"), 2 * level), at(CoreFixtures.gpu(1, "cheap"), level));
      assertThat(choose(two, RELAXED, 0)).isEqualTo(1);
      double saved = score(two, 1, RELAXED, 0) - score(two, 0, RELAXED, 0);
      FleetSnapshot atUsualLevel =
          fleet(at(CoreFixtures.gpu(0, "dear"), 2), at(CoreFixtures.gpu(1, "cheap"), 1));
      assertThat(saved)
          .isEqualTo(score(atUsualLevel, 1, RELAXED, 0) - score(atUsualLevel, 0, RELAXED, 0));
    }
  }

  @Test
  void theDearerOneIsChosenWhenTheCheaperWouldMissTheBudget() {
    FleetSnapshot fleet = fleet(CoreFixtures.gpu(0, "gpu"), CoreFixtures.lpu(1, "lpu", 4));
    assertThat(choose(fleet, RELAXED, 0)).isZero();
    assertThat(choose(fleet, CODING, 0)).isEqualTo(1);
  }

  @Test
  void aPriceThatNobodyCouldHaveMakesNoOtherLookDear() {
    FleetSnapshot fleet =
        fleet(at(CoreFixtures.gpu(0, "useless"), 1e-6), at(CoreFixtures.lpu(1, "lpu", 4), 100));
    FleetSnapshot alone = fleet(at(CoreFixtures.lpu(0, "lpu", 4), 100));
    assertThat(score(fleet, 1, CODING, 0)).isEqualTo(score(alone, 0, CODING, 0));
  }

  @Test
  void whatCostsNothingIsAsGoodAsItGets() {
    FleetSnapshot fleet =
        fleet(at(CoreFixtures.gpu(0, "own"), 0), at(CoreFixtures.gpu(1, "rented"), 1));
    assertThat(choose(fleet, RELAXED, 0)).isZero();
    assertThat(score(fleet, 0, RELAXED, 0)).isFinite().isGreaterThan(0);
    assertThat(score(fleet(at(CoreFixtures.gpu(0, "own"), 0)), 0, RELAXED, 0)).isFinite();
  }

  @Test
  void streamsThatAreFarAheadOfTheirBudgetsAreDelayedForACheaperPlace() {
    FleetSnapshot fleet =
        fleet(at(CoreFixtures.gpu(0, "cheap"), 1), at(CoreFixtures.gpu(1, "dear"), 2));
    // 24 ms a token where 100 ms are allowed, and where 40 ms are
    assertThat(choose(streaming(fleet, 0, 80, BATCH), RELAXED, MILLISECOND)).isZero();
    assertThat(choose(streaming(fleet, 0, 80, RELAXED), RELAXED, MILLISECOND)).isZero();
    assertThat(choose(streaming(fleet, 0, 80, INTERACTIVE), RELAXED, MILLISECOND)).isEqualTo(1);
  }

  @Test
  void aClassThatIsShedFirstGivesWayWhereThereIsTooLittleForAll() {
    FleetSnapshot fleet = streaming(fleet(CoreFixtures.gpu(0, "gpu")), 0, 20, INTERACTIVE);
    for (Criticality criticality : Criticality.values()) {
      AdmittedRequest relaxed = ofClass(criticality);
      double enough = rule.score(whereContended(fleet, relaxed, false), 0);
      double tooLittle = rule.score(whereContended(fleet, relaxed, true), 0);
      if (criticality.givesWay()) {
        assertThat(tooLittle).as("%s", criticality).isLessThan(enough);
      } else {
        assertThat(tooLittle).as("%s", criticality).isEqualTo(enough);
      }
    }
  }

  private static Candidates whereContended(
      FleetSnapshot fleet, AdmittedRequest request, boolean contended) {
    DeploymentState[] states = {fleet.get(0)};
    return new Candidates(request, states, 1, MILLISECOND, contended);
  }

  private static AdmittedRequest ofClass(Criticality criticality) {
    AdmittedRequest usual = asking(RELAXED);
    return new AdmittedRequest(
        usual.request(),
        usual.model(),
        new ServiceClass("some", RELAXED, 1, criticality),
        usual.budget(),
        usual.deadlineNanos(),
        usual.output());
  }

  @Test
  void theHarmGrowsWithHowTightTheBudgetsOfTheStreamsUnderWayAre() {
    FleetSnapshot gpu = fleet(CoreFixtures.gpu(0, "gpu"));
    double before = Double.POSITIVE_INFINITY;
    for (long perTokenMillis : new long[] {35, 30, 25, 20}) {
      Budget tight = new Budget(0, perTokenMillis * MILLISECOND, 0);
      double score = score(streaming(gpu, 0, 20, tight), 0, RELAXED, MILLISECOND);
      assertThat(score).isLessThan(before);
      before = score;
    }
  }

  @Test
  void aFewTightStreamsAreNotHiddenByManyThatHaveRoom() {
    FleetSnapshot loose = streaming(fleet(CoreFixtures.gpu(0, "gpu")), 0, 60, RELAXED);
    double withTight = score(streaming(loose, 0, 5, INTERACTIVE), 0, RELAXED, MILLISECOND);
    double without = score(streaming(loose, 0, 5, RELAXED), 0, RELAXED, MILLISECOND);
    assertThat(withTight).isLessThan(without);
  }

  @Test
  void streamsThatEndedAreHarmedNoMore() {
    FleetSnapshot gpu = fleet(CoreFixtures.gpu(0, "gpu"));
    FleetSnapshot after = gpu;
    Work work = Work.of(gpu.get(0), asking(INTERACTIVE));
    for (int i = 0; i < 3; i++) {
      after = after.after(new Observation.Dispatched(0, work, 0));
      after = after.after(new Observation.FirstToken(0, work, MILLISECOND, MILLISECOND));
    }
    for (int i = 0; i < 3; i++) {
      after = after.after(new Observation.Ended(0, work, 200, true, SECOND, SECOND));
    }
    assertThat(after.get(0).load().paces()).isEqualTo(Paces.NONE);
  }

  @Test
  void aRequestThatWouldHarmManyWaitsAlsoWhenItsTimeRunsOut() {
    FleetSnapshot full = streaming(fleet(CoreFixtures.gpu(0, "gpu")), 0, 200, INTERACTIVE);
    long late = RELAXED.firstTokenNanos() - 200 * MILLISECOND;
    assertThat(choose(full, RELAXED, MILLISECOND)).isEqualTo(RoutingPolicy.NOBODY);
    assertThat(rule.waits()).isTrue();
    assertThat(choose(full, RELAXED, late)).isEqualTo(RoutingPolicy.NOBODY);
    FleetSnapshot roomy = streaming(fleet(CoreFixtures.gpu(0, "gpu")), 0, 20, INTERACTIVE);
    assertThat(choose(roomy, RELAXED, late)).isZero();
  }

  @Test
  void theLastSlotsAreKeptForThoseWhoHaveNoOtherChoice() {
    FleetSnapshot fleet =
        fleet(at(CoreFixtures.gpu(0, "gpu"), 1), at(CoreFixtures.lpu(1, "lpu", 4), 1));
    FleetSnapshot almostFull = streaming(fleet, 1, 3, CODING);
    assertThat(choose(almostFull, INTERACTIVE, MILLISECOND)).isZero();
    assertThat(choose(almostFull, CODING, MILLISECOND)).isEqualTo(1);
    assertThat(score(fleet, 1, INTERACTIVE, 0)).isGreaterThan(score(almostFull, 1, INTERACTIVE, 0));
  }

  @Test
  void slotsCountTheMoreTheMoreTheyWereAskedForOfLate() {
    FleetSnapshot idle = fleet(at(CoreFixtures.lpu(0, "lpu", 4), 1));
    FleetSnapshot asked = streaming(idle, 0, 40, CODING);
    for (int i = 0; i < 40; i++) {
      Work work = Work.of(asked.get(0), asking(CODING));
      asked = asked.after(new Observation.Ended(0, work, 200, true, SECOND, 2 * MILLISECOND));
    }
    assertThat(score(asked, 0, RELAXED, 3 * MILLISECOND))
        .isLessThan(score(idle, 0, RELAXED, 3 * MILLISECOND));
  }

  @Test
  void nobodyIsAskedWhenThePlaceIsWorthMoreToOthers() {
    FleetSnapshot gpu = fleet(CoreFixtures.gpu(0, "gpu"));
    assertThat(choose(gpu, new Budget(MILLISECOND, 0, 0), 0)).isEqualTo(RoutingPolicy.NOBODY);
  }
}
