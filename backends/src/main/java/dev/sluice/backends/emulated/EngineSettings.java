package dev.sluice.backends.emulated;

import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import java.util.random.RandomGenerator;

/**
 * How one accelerator is emulated, in real time and in virtual time alike.
 *
 * @param profile its figures, as the settings change them
 * @param noise standard deviation of step times as a share of their mean
 * @param seed seed of the noise
 * @param maxWaiting most generations that wait for a place before further ones are refused
 */
public record EngineSettings(Profile profile, double noise, long seed, long maxWaiting) {

  static final String SLOTS = "slots";
  static final String MAX_WAITING = "max_waiting";
  static final String NOISE = "noise";
  static final String SPEED = "speed";
  static final String SEED = "seed";

  /** As deep as engines are usually run; a gateway that holds its own queue needs far less. */
  private static final long DEFAULT_MAX_WAITING = 512;

  /** Beyond this a step is no longer recognisable as the profile's. */
  private static final double GREATEST_NOISE = 0.5;

  /**
   * What {@code spec} says of an accelerator with {@code profile}.
   *
   * @throws InvalidSettingException if a setting is out of its range
   */
  public static EngineSettings of(BackendSpec spec, Profile profile) {
    double speed = spec.real(SPEED, 1);
    if (!(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
      throw new InvalidSettingException(SPEED, Double.toString(speed), "a number above 0");
    }
    double noise = spec.real(NOISE, 0);
    if (!(noise >= 0 && noise <= GREATEST_NOISE)) {
      throw new InvalidSettingException(NOISE, Double.toString(noise), "0 to 0.5");
    }
    return new EngineSettings(
        ProfileChange.faster(withSlots(profile, spec), speed),
        noise,
        spec.number(SEED, spec.id().hashCode()),
        spec.number(MAX_WAITING, DEFAULT_MAX_WAITING));
  }

  private static Profile withSlots(Profile profile, BackendSpec spec) {
    if (!spec.settings().containsKey(SLOTS)) {
      return profile;
    }
    long slots = spec.number(SLOTS, 0);
    if (slots < 1 || slots > Integer.MAX_VALUE) {
      throw new InvalidSettingException(SLOTS, Long.toString(slots), "at least 1");
    }
    return ProfileChange.withSlots(profile, (int) slots)
        .orElseThrow(
            () ->
                new InvalidSettingException(
                    SLOTS,
                    Long.toString(slots),
                    "not set, because profile " + profile.name() + " serves in batches"));
  }

  /** An idle engine as of {@code startNanos}, whose noise is drawn from {@code random}. */
  public Engine engine(long startNanos, RandomGenerator random) {
    return Engine.of(profile, StepNoise.of(noise, random), startNanos);
  }

  /**
   * Most tokens of prompt and answer together: what profile and {@code engine}'s memory both allow.
   */
  public int contextTokens(Engine engine) {
    return Math.min(profile.contextTokens(), engine.longestSequenceTokens());
  }
}
