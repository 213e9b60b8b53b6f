package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A fleet as it is and as it is believed to be.
 *
 * @param name what is wrong with it
 * @param backends its backends
 */
record Setting(String name, List<TrueBackend> backends) {

  /** Name of the fleet of science §6's pilot. */
  static final String PILOT = "pilot";

  /** Spread of step times where nothing else is said: 3 %, as in science §1.10. */
  private static final double NOISE = 0.03;

  Setting {
    backends = List.copyOf(backends);
  }

  /** Names of all settings. */
  static List<String> names() {
    return all(0).stream().map(Setting::name).toList();
  }

  /**
   * The setting called {@code name}, for a run of which the half is at {@code halfNanos}.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Setting named(String name, long halfNanos) {
    return all(halfNanos).stream()
        .filter(setting -> setting.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "setting: " + name + " (expected: one of " + names() + ")"));
  }

  private static List<Setting> all(long halfNanos) {
    return List.of(
        pilot(halfNanos),
        everywhere("as believed", UnaryOperator.identity()),
        everywhere("chunk 2048", changed(real -> Changes.chunk(real, 2048))),
        everywhere("memory for a twentieth", changed(real -> Changes.memory(real, 0.05))),
        everywhere("mixture of experts", each -> each.withPace(Pace.rootOfBatch(64, 0.4))),
        everywhere("noise 15 %", each -> each.withNoise(0.15)),
        everywhere("hidden neighbour", each -> each.withNeighbour(1)),
        everywhere("slots full", Setting::withFewSlots),
        everywhere("30 % slower", changed(real -> Changes.slower(real, 1.3))),
        everywhere("30 % faster", changed(real -> Changes.slower(real, 1 / 1.3))),
        everywhere("slows down", each -> each.withPace(Pace.slowerFrom(halfNanos, 1.5))));
  }

  private static UnaryOperator<TrueBackend> changed(UnaryOperator<Profile> change) {
    return backend -> backend.withReal(change.apply(backend.real()));
  }

  private static Setting everywhere(String name, UnaryOperator<TrueBackend> change) {
    return new Setting(name, fleet().stream().map(change).toList());
  }

  /** Three GPUs of one kind, one of another and an LPU: the fleet of science §6's pilot. */
  static List<TrueBackend> fleet() {
    List<TrueBackend> backends = new ArrayList<>();
    for (String profile :
        List.of(
            "h100x4-llama-3.3-70b",
            "h100x4-llama-3.3-70b",
            "h100x4-llama-3.3-70b",
            "b200x2-llama-3.3-70b",
            "groq-lpu-llama-3.3-70b")) {
      backends.add(TrueBackend.asBelieved(Profiles.find(profile).orElseThrow()).withNoise(NOISE));
    }
    return backends;
  }

  /** Science §6's pilot: priors off by 30 % either way, the first backend slows by half. */
  private static Setting pilot(long halfNanos) {
    double[][] ratios = {{1.3, 0.77}, {0.77, 1.3}, {1.3, 1.3}, {0.77, 0.77}, {1.3, 0.77}};
    List<TrueBackend> backends = new ArrayList<>();
    for (TrueBackend backend : fleet()) {
      double[] ratio = ratios[backends.size()];
      Profile real = Changes.skewed(backend.real(), ratio[0], ratio[1]);
      backends.add(backend.withReal(real));
    }
    backends.set(0, backends.getFirst().withPace(Pace.slowerFrom(halfNanos, 1.5)));
    return new Setting(PILOT, backends);
  }

  /** The LPU with so few slots that requests wait for one. */
  private static TrueBackend withFewSlots(TrueBackend backend) {
    return backend.real().service() instanceof Service.Slots
        ? TrueBackend.asBelieved(backend.real().withSlots(3)).withNoise(NOISE)
        : backend;
  }
}
