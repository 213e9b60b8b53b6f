package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import java.util.List;
import java.util.SplittableRandom;

/** Makes accelerators that are emulated in this process, in real time, from their profile. */
public final class EmulatedBackendFactory implements BackendFactory {

  private static final String SLOTS = "slots";
  private static final String MAX_WAITING = "max_waiting";
  private static final String NOISE = "noise";
  private static final String SPEED = "speed";
  private static final String SEED = "seed";

  /** As deep as engines are usually run; a gateway that holds its own queue needs far less. */
  private static final long DEFAULT_MAX_WAITING = 512;

  /** Beyond this a step is no longer recognisable as the profile's. */
  private static final double GREATEST_NOISE = 0.5;

  /** For {@code ServiceLoader}. */
  public EmulatedBackendFactory() {}

  @Override
  public String kind() {
    return "emulated";
  }

  @Override
  public boolean needsProfile() {
    return true;
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        optional(
            SLOTS,
            Setting.Type.WHOLE_NUMBER,
            "Sequences served at once, instead of the profile's; only for profiles with slots."),
        optional(
            MAX_WAITING,
            Setting.Type.WHOLE_NUMBER,
            "Generations that may wait for a place before further ones are refused; 512 if unset."),
        optional(
            NOISE,
            Setting.Type.NUMBER,
            "Standard deviation of step times as a share of their mean, 0 to 0.5; 0 if unset."),
        optional(
            SPEED,
            Setting.Type.NUMBER,
            "How many times faster than the profile everything goes, above 0; 1 if unset."),
        optional(
            SEED,
            Setting.Type.WHOLE_NUMBER,
            "Seed of the noise; if unset, it follows from the backend's id."));
  }

  private static Setting optional(String name, Setting.Type type, String description) {
    return new Setting(name, type, false, List.of(), description);
  }

  @Override
  public Backend create(BackendSpec spec) {
    return create(spec, ClockThread.shared());
  }

  Backend create(BackendSpec spec, EngineClock clock) {
    Profile profile = spec.profile();
    if (profile == null) {
      throw new InvalidSettingException("profile", "none", "the name of a profile");
    }
    double speed = spec.real(SPEED, 1);
    if (!(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
      throw new InvalidSettingException(SPEED, Double.toString(speed), "a number above 0");
    }
    double noise = spec.real(NOISE, 0);
    if (!(noise >= 0 && noise <= GREATEST_NOISE)) {
      throw new InvalidSettingException(NOISE, Double.toString(noise), "0 to 0.5");
    }
    Profile adapted = ProfileChange.faster(withSlots(profile, spec), speed);
    long seed = spec.number(SEED, spec.id().hashCode());
    Engine engine =
        Engine.of(adapted, StepNoise.of(noise, new SplittableRandom(seed)), clock.nanoTime());
    long maxWaiting = spec.number(MAX_WAITING, DEFAULT_MAX_WAITING);
    return new EmulatedBackend(spec.id(), adapted, engine, maxWaiting, clock);
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
}
