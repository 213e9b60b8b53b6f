package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;

/** Profiles built by hand from the published fits, without overhead unless a test adds one. */
public final class ProfileFixtures {

  private static final double MILLIS = 1e6;
  private static final int CONTEXT_TOKENS = 131_072;

  private ProfileFixtures() {}

  /** Llama-3.1-8B on one H100: median token time 6.58 + 0.0782·B ms; 3.16/B + 0.0665 J/token. */
  public static Profile h100Llama8b() {
    return batch(6.58, 0.0782, new Profile.Energy(3.16, 0.0665, 0.01, 90));
  }

  /** Llama-3.3-70B on four H100: 15.9 + 0.100·B ms; 27.8/B + 0.381 J/token. */
  public static Profile h100x4Llama70b() {
    return batch(15.9, 0.100, new Profile.Energy(27.8, 0.381, 0.1, 360));
  }

  /** Llama-3.1-405B in FP8 on eight H100: 31.5 + 0.141·B ms; 96/B + 1.68 J/token. */
  public static Profile h100x8Llama405b() {
    return batch(31.5, 0.141, new Profile.Energy(96, 1.68, 0.5, 720));
  }

  /** An LPU: 276 tokens per second for each of 64 slots, 10,000 prompt tokens per second, 2 J. */
  public static Profile lpuLlama70b() {
    return profile(
        AcceleratorKind.LPU,
        new Service.Slots(1_000 * MILLIS / 276, 64, 0.1 * MILLIS, 1_000 * MILLIS / 276),
        new Profile.Energy(0, 2, 0, 1_000));
  }

  /**
   * Something fast with {@code slots} slots: 4,000 tokens per second each, no prefill to speak of.
   */
  public static Profile fast(int slots) {
    return profile(
        AcceleratorKind.WAFER,
        new Service.Slots(0.25 * MILLIS, slots, 100, 0.25 * MILLIS),
        new Profile.Energy(0, 1, 0, 0));
  }

  /** A batch engine with these limits, a step of 10 ms and 0.1 ms per prompt token. */
  public static Profile limited(Service.BatchLimits limits) {
    return limited(limits, 0, Service.HostFloor.NONE);
  }

  /** A batch engine with these limits whose steps also grow with memory read and with the host. */
  public static Profile limited(
      Service.BatchLimits limits, double perKvTokenNanos, Service.HostFloor floor) {
    return profile(
        AcceleratorKind.GPU,
        new Service.Batch(10 * MILLIS, 0.5 * MILLIS, perKvTokenNanos, 0.1 * MILLIS, floor, limits),
        new Profile.Energy(10, 0.5, 0.1, 100));
  }

  /** {@code profile} with {@code overheadNanos} before the scheduler sees a request. */
  public static Profile withOverhead(Profile profile, double overheadNanos) {
    return new Profile(
        profile.name(),
        profile.deployment(),
        profile.service(),
        overheadNanos,
        profile.energy(),
        profile.price(),
        profile.contextTokens());
  }

  /** {@code profile} for a model that makes vectors of so many values. */
  public static Profile embedding(Profile profile, int dimensions) {
    Profile.Deployment deployment = profile.deployment();
    return new Profile(
        profile.name(),
        new Profile.Deployment(
            deployment.kind(),
            deployment.hardware(),
            deployment.devices(),
            deployment.model(),
            deployment.precision(),
            deployment.vendor(),
            dimensions),
        profile.service(),
        profile.overheadNanos(),
        profile.energy(),
        profile.price(),
        profile.contextTokens());
  }

  private static Profile batch(double stepMillis, double perSequenceMillis, Profile.Energy energy) {
    return profile(
        AcceleratorKind.GPU,
        new Service.Batch(
            stepMillis * MILLIS,
            perSequenceMillis * MILLIS,
            0,
            0.036 * MILLIS,
            Service.HostFloor.NONE,
            new Service.BatchLimits(2_048, 1_024, 1_000_000, 16, true)),
        energy);
  }

  private static Profile profile(AcceleratorKind kind, Service service, Profile.Energy energy) {
    return new Profile(
        "by-hand",
        new Profile.Deployment(kind, "hardware", 1, "model", "bf16"),
        service,
        0,
        energy,
        new Profile.Price(1, 0, 0),
        CONTEXT_TOKENS);
  }
}
