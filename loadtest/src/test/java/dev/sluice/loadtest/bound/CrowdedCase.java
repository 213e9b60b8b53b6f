package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.backends.profile.Service;
import dev.sluice.loadtest.workload.Budget;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** More requests than a small fleet can serve in time. */
final class CrowdedCase {

  /** What 70B runs on: two kinds of GPU and two engines with few slots. */
  private static final List<String> NAMES =
      List.of(
          "h100x4-llama-3.3-70b",
          "h20x4-llama-3.3-70b",
          "groq-lpu-llama-3.3-70b",
          "wse3x4-llama-3.3-70b",
          "b200x2-llama-3.3-70b");

  private static final long MILLISECOND = 1_000_000;

  final List<Profile> profiles;
  final BoundProblem problem;

  /**
   * Draws a case.
   *
   * @param requests how many
   * @param rate requests per second
   */
  CrowdedCase(long seed, int requests, double rate) {
    SplittableRandom random = new SplittableRandom(seed);
    profiles =
        IntStream.range(0, 2)
            .mapToObj(_ -> scarce(NAMES.get(random.nextInt(NAMES.size())), random))
            .toList();
    BoundProblem.Builder builder =
        BoundProblem.builder(profiles.stream().map(profile -> BoundPool.of(profile, 1)).toList());
    double at = 0;
    for (int i = 0; i < requests; i++) {
      at += -Math.log(1 - random.nextDouble()) * 1e9 / rate;
      BitSet eligible = new BitSet();
      eligible.set(0, profiles.size());
      if (random.nextInt(4) == 0) {
        eligible.clear(random.nextInt(profiles.size()));
      }
      builder.add(
          new BoundRequest(
              (long) at,
              100 + random.nextInt(3000),
              1 + random.nextInt(300),
              0,
              1 + random.nextInt(3),
              budget(random)),
          eligible);
    }
    problem = builder.build();
  }

  private static Profile scarce(String name, SplittableRandom random) {
    Profile profile = Profiles.find(name).orElseThrow();
    return profile.service() instanceof Service.Slots
        ? profile.withSlots(1 + random.nextInt(3))
        : profile.withSlots(4 + random.nextInt(60));
  }

  private static Budget budget(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Budget(1_000 * MILLISECOND, 25 * MILLISECOND, 0);
      case 1 -> new Budget(0, 0, 20_000 * MILLISECOND);
      case 2 -> new Budget(500 * MILLISECOND, 0, 8_000 * MILLISECOND);
      default -> new Budget(2_000 * MILLISECOND, 80 * MILLISECOND, 0);
    };
  }
}
