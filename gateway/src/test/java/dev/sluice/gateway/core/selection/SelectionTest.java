package dev.sluice.gateway.core.selection;

import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.gateway.core.selection.Selection.Exclusion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SelectionTest {

  private final AdmittedRequest request = CoreFixtures.admitted(1000, 200, Budget.NONE);

  @Test
  void whoIsKeptForOthersIsNotAsked() {
    FleetSnapshot fleet =
        FleetSnapshot.of(List.of(of(0, "A", List.of("blue", "red")), of(1, "A", List.of())));
    assertThat(indexes(fleet, asking("red"), Caps.NONE)).containsExactly(0, 1);
    assertThat(indexes(fleet, asking("green"), Caps.NONE)).containsExactly(1);
    assertThat(Selection.excluded(rules(fleet, asking("green"), Caps.NONE)))
        .containsExactly(Map.entry(Exclusion.TENANT, 1));
  }

  @Test
  void whoHasNoRoomForPromptAndAnswerIsNotAskedEvenIfTheirSumOverflows() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(CoreFixtures.gpu(0, "gpu")));
    AdmittedRequest vast = CoreFixtures.admitted(Integer.MAX_VALUE, 200, Budget.NONE);
    assertThat(Selection.excluded(rules(fleet, vast, Caps.NONE)))
        .containsExactly(Map.entry(Exclusion.CONTEXT, 1));
  }

  @Test
  void whoHasAsManyRequestsAsItIsGivenIsNotAskedButWhoCannotWaitAsksItAllTheSame() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(CoreFixtures.lpu(0, "lpu", 4)));
    int most = fleet.get(0).places();
    Work work = new Work(10, 10, 1, 1);
    for (int i = 0; i < most; i++) {
      assertThat(indexes(fleet, request, Caps.NONE)).containsExactly(0);
      fleet = fleet.after(new Observation.Dispatched(0, work, 0));
    }
    Rules rules = rules(fleet, request, Caps.NONE);
    assertThat(Selection.excluded(rules)).containsExactly(Map.entry(Exclusion.LIMIT, 1));
    assertThat(Selection.orDesperate(rules, true, new SplittableRandom(1)).size()).isZero();
    assertThat(Selection.of(rules.withoutLimits(), true, new SplittableRandom(1)).size())
        .isEqualTo(1);
  }

  @Test
  void aVendorAtItsShareIsNotAskedEvenIfNobodyElseCanServe() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(of(0, "A", List.of())));
    Caps caps = new Caps(Map.of("A", 0.5), Double.POSITIVE_INFINITY);
    int served = 0;
    for (int i = 0; i < 100; i++) {
      if (!indexes(fleet, request, caps).isEmpty()) {
        served++;
        fleet = fleet.after(new Observation.Dispatched(0, work(fleet, 0), 0));
      }
    }
    assertThat(served).isEqualTo(10);
    assertThat(Selection.excluded(rules(fleet, request, caps)))
        .containsExactly(Map.entry(Exclusion.VENDOR_SHARE, 1));
    Rules later = new Rules(request, fleet, _ -> false, caps, 60 * SECOND);
    assertThat(Selection.of(later, false, new SplittableRandom(1)).size()).isEqualTo(1);
  }

  @Test
  void noVendorTakesMoreThanItsShareWhateverTheChoices() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<String, Double> most = new LinkedHashMap<>();
      most.put("A", random.nextDouble(0.05, 0.9));
      most.put("B", random.nextDouble(0.05, 0.9));
      Caps caps = new Caps(most, Double.POSITIVE_INFINITY);
      FleetSnapshot fleet =
          FleetSnapshot.of(
              List.of(of(0, "A", List.of()), of(1, "B", List.of()), of(2, "C", List.of())));
      double[] served = new double[3];
      for (int i = 1; i <= 500; i++) {
        List<Integer> free = indexes(fleet, request, caps);
        int choice = free.get(random.nextInt(free.size()));
        served[choice]++;
        Work work = work(fleet, choice);
        fleet =
            fleet
                .after(new Observation.Dispatched(choice, work, 0))
                .after(new Observation.Ended(choice, work, 0, false, 0, 0));
        double all = Math.max(20, i);
        assertThat(served[0] / all).as("seed %d", seed).isLessThanOrEqualTo(caps.vendorShare("A"));
        assertThat(served[1] / all).as("seed %d", seed).isLessThanOrEqualTo(caps.vendorShare("B"));
      }
    }
  }

  @Test
  void theSiteNeverDrawsMoreThanItMayWhateverTheChoices() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FleetSnapshot fleet =
          FleetSnapshot.of(
              List.of(of(0, "A", List.of()), of(1, "A", List.of()), of(2, "B", List.of())));
      Caps caps = new Caps(Map.of(), fleet.watts() + random.nextInt(1, 6000));
      List<Observation> endings = new ArrayList<>();
      int refused = 0;
      for (int i = 0; i < 300; i++) {
        List<Integer> free = indexes(fleet, request, caps);
        refused += free.isEmpty() ? 1 : 0;
        if (!free.isEmpty()) {
          int choice = free.get(random.nextInt(free.size()));
          Work work = work(fleet, choice);
          fleet = fleet.after(new Observation.Dispatched(choice, work, i));
          endings.add(new Observation.Ended(choice, work, 0, false, 1, i));
        }
        assertThat(fleet.watts()).as("seed %d", seed).isLessThanOrEqualTo(caps.watts());
        if (endings.size() > 3 && random.nextInt(3) == 0) {
          fleet = fleet.after(endings.remove(random.nextInt(endings.size())));
        }
      }
      if (refused > 0) {
        assertThat(caps.watts()).isLessThan(fleet.watts() + 6000);
      }
    }
  }

  @Test
  void whomPowerForbidsIsNamedSo() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(of(0, "A", List.of())));
    Caps caps = new Caps(Map.of(), fleet.watts());
    assertThat(Selection.excluded(rules(fleet, request, caps)))
        .containsExactly(Map.entry(Exclusion.POWER, 1));
  }

  @Test
  void capsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new Caps(Map.of("A", 1.5), 1))
        .hasMessage("vendorShares: A=1.5 (expected: above 0, at most 1)");
    assertThatThrownBy(() -> new Caps(Map.of(), 0)).hasMessage("watts: 0.0 (expected: > 0)");
  }

  @Test
  void aSampleHasAsManyAsItMayAndNobodyTwice() {
    for (int size : new int[] {65, 66, 95, 96, 97, 127, 128, 1000, 9999}) {
      FleetSnapshot fleet = gpus(size);
      for (long seed = 0; seed < 50; seed++) {
        Rules rules = rules(fleet, seed % 2 == 0 ? request : keyed(seed), Caps.NONE);
        Selection selection = Selection.of(rules, false, new SplittableRandom(seed));
        Set<Integer> different = new HashSet<>(indexes(selection));
        assertThat(different).as("%d of %d", seed, size).hasSize(Selection.MOST_OF_POOL);
      }
    }
  }

  @Test
  void manyPoolsShareASampleAndEachHasItsLeast() {
    assertThat(sampleOf(6)).isEqualTo(6 * Selection.MOST_OF_POOL);
    assertThat(sampleOf(8)).isEqualTo(8 * 48);
    assertThat(sampleOf(30)).isEqualTo(30 * Selection.LEAST_OF_POOL);
  }

  /** Candidates of so many pools of a hundred each. */
  private int sampleOf(int pools) {
    List<Deployment> deployments = new ArrayList<>();
    for (int i = 0; i < 100 * pools; i++) {
      Deployment gpu = CoreFixtures.gpu(i, "gpu-" + i);
      deployments.add(
          new Deployment(
              i, gpu.identity(), gpu.figures(), gpu.economics(), gpu.contextTokens() + i % pools));
    }
    FleetSnapshot fleet = FleetSnapshot.of(deployments);
    return indexes(fleet, request, Caps.NONE).size();
  }

  @Test
  void overTimeEverybodyIsInASample() {
    FleetSnapshot fleet = gpus(1000);
    Set<Integer> seen = new HashSet<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 400; i++) {
      seen.addAll(indexes(Selection.of(rules(fleet, request, Caps.NONE), false, random)));
    }
    assertThat(seen).hasSize(1000);
  }

  @Test
  void halfOfASampleIsTheSameForRequestsWithOneKey() {
    FleetSnapshot fleet = gpus(1000);
    SplittableRandom random = new SplittableRandom(1);
    Set<Integer> always = new HashSet<>(indexes(sample(fleet, 7, random)));
    for (int i = 0; i < 100; i++) {
      always.retainAll(indexes(sample(fleet, 7, random)));
    }
    assertThat(always).hasSize(Selection.MOST_OF_POOL / 2);
    Set<Integer> others = new HashSet<>(indexes(sample(fleet, 8, random)));
    others.retainAll(always);
    assertThat(others).hasSizeLessThan(Selection.MOST_OF_POOL / 2);
  }

  @Test
  void whereHardlyAnybodyCanBeAskedAllAreLookedAt() {
    FleetSnapshot fleet = gpus(500);
    for (int i = 0; i < 500; i++) {
      if (i != 123 && i != 321) {
        fleet = fleet.after(new Observation.Reachability(i, false));
      }
    }
    assertThat(indexes(fleet, request, Caps.NONE)).containsExactly(123, 321);
    assertThat(Selection.excluded(rules(fleet, request, Caps.NONE)))
        .containsExactly(Map.entry(Exclusion.UNREACHABLE, 498));
  }

  private static Selection sample(FleetSnapshot fleet, long key, SplittableRandom random) {
    return Selection.of(rules(fleet, keyed(key), Caps.NONE), false, random);
  }

  private static FleetSnapshot gpus(int count) {
    List<Deployment> deployments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      deployments.add(CoreFixtures.gpu(i, "gpu-" + i));
    }
    return FleetSnapshot.of(deployments);
  }

  private static Deployment of(int index, String vendor, List<String> tenants) {
    Deployment gpu = CoreFixtures.gpu(index, "gpu-" + index);
    Deployment.Identity own = gpu.identity();
    return new Deployment(
        index,
        new Deployment.Identity(
            own.backend(), own.model(), own.kind(), own.region(), own.profile(), vendor),
        gpu.figures(),
        new Economics(12, 0, 0, new Economics.Energy(27.8, 0.381, 0.05, 280)),
        gpu.contextTokens(),
        tenants,
        gpu.skills());
  }

  private static Work work(FleetSnapshot fleet, int index) {
    return Work.of(fleet.get(index), new Size(1000, 200, 200), 200);
  }

  private static AdmittedRequest asking(String tenant) {
    return admitted(
        CoreFixtures.withConstraints(new Constraints(List.of(), Double.POSITIVE_INFINITY, tenant)));
  }

  private static AdmittedRequest keyed(long key) {
    Size size = new Size(1000, 200, 200, new Prefix(256, new long[0], key));
    return admitted(CoreFixtures.request(size, Budget.NONE, ""));
  }

  private static AdmittedRequest admitted(InferenceRequest asked) {
    return new AdmittedRequest(
        asked,
        CoreFixtures.model(),
        CoreFixtures.chat(),
        Budget.NONE,
        600 * SECOND,
        OutputLength.hinted(200, 200));
  }

  private static Rules rules(FleetSnapshot fleet, AdmittedRequest request, Caps caps) {
    return new Rules(request, fleet, _ -> false, caps, 0);
  }

  private static List<Integer> indexes(FleetSnapshot fleet, AdmittedRequest request, Caps caps) {
    return indexes(Selection.of(rules(fleet, request, caps), false, new SplittableRandom(1)));
  }

  private static List<Integer> indexes(Selection selection) {
    List<Integer> indexes = new ArrayList<>();
    for (DeploymentState state : selection.candidates()) {
      indexes.add(state.deployment().index());
    }
    return indexes;
  }
}
