package dev.sluice.backends.emulated;

import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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

  /** Far beyond what anybody emulates, and far within what a profile's times can be divided by. */
  private static final double GREATEST_SPEED = 1e6;

  private static final double LEAST_SPEED = 1 / GREATEST_SPEED;

  /**
   * What {@code spec} says of an accelerator with {@code profile}.
   *
   * @throws InvalidSettingException if a setting is out of its range; names all that are
   */
  public static EngineSettings of(BackendSpec spec, Profile profile) {
    List<InvalidSetting> invalid = check(spec);
    if (!invalid.isEmpty()) {
      throw new InvalidSettingException(invalid);
    }
    return new EngineSettings(
        ProfileChange.faster(withSlots(profile, spec), spec.real(SPEED, 1)),
        spec.real(NOISE, 0),
        spec.number(SEED, spec.id().hashCode()),
        spec.number(MAX_WAITING, DEFAULT_MAX_WAITING));
  }

  private static Profile withSlots(Profile profile, BackendSpec spec) {
    return spec.settings().containsKey(SLOTS)
        ? profile.withSlots((int) spec.number(SLOTS, 0))
        : profile;
  }

  /** The settings of {@code spec} that are out of their range. */
  static List<InvalidSetting> check(BackendSpec spec) {
    List<InvalidSetting> invalid = new ArrayList<>();
    if (spec.settings().containsKey(SLOTS)) {
      checkSlots(spec.number(SLOTS, 0), spec.profile(), invalid);
    }
    double noise = spec.real(NOISE, 0);
    if (!(noise >= 0 && noise <= GREATEST_NOISE)) {
      invalid.add(new InvalidSetting(NOISE, Double.toString(noise), "0 to 0.5"));
    }
    double speed = spec.real(SPEED, 1);
    if (!(speed >= LEAST_SPEED && speed <= GREATEST_SPEED)) {
      invalid.add(new InvalidSetting(SPEED, Double.toString(speed), "0.000001 to 1000000"));
    }
    return invalid;
  }

  private static void checkSlots(
      long slots, @Nullable Profile profile, List<InvalidSetting> invalid) {
    if (slots < 1 || slots > Integer.MAX_VALUE) {
      invalid.add(new InvalidSetting(SLOTS, Long.toString(slots), "1 to " + Integer.MAX_VALUE));
    } else if (profile != null && profile.service() instanceof Service.Batch) {
      invalid.add(
          new InvalidSetting(
              SLOTS,
              Long.toString(slots),
              "not set, because profile " + profile.name() + " serves in batches"));
    }
  }

  /** An idle engine as of {@code startNanos}, whose noise is drawn from {@code random}. */
  public Engine engine(long startNanos, RandomGenerator random) {
    return Engine.of(profile, StepNoise.of(noise, random), startNanos);
  }

  /** The same behind a network that adds {@code linkNanos} to a first token. */
  public EngineSettings behind(long linkNanos) {
    return linkNanos == 0
        ? this
        : new EngineSettings(ProfileChange.later(profile, linkNanos), noise, seed, maxWaiting);
  }
}
