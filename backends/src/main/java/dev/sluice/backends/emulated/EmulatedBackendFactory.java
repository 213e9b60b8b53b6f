package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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

  /** Far beyond what anybody emulates, and far within what a profile's times can be divided by. */
  private static final double GREATEST_SPEED = 1e6;

  private static final double LEAST_SPEED = 1 / GREATEST_SPEED;

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
            "How many times faster than the profile everything goes, 0.000001 to 1000000; 1 if"
                + " unset."),
        optional(
            SEED,
            Setting.Type.WHOLE_NUMBER,
            "Seed of the noise; if unset, it follows from the backend's id."));
  }

  private static Setting optional(String name, Setting.Type type, String description) {
    return new Setting(name, type, false, List.of(), description);
  }

  @Override
  public List<InvalidSetting> check(BackendSpec spec) {
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

  @Override
  public Backend create(BackendSpec spec) {
    return create(spec, ClockThread.shared());
  }

  Backend create(BackendSpec spec, EngineClock clock) {
    Profile profile = spec.profile();
    if (profile == null) {
      throw new InvalidSettingException(
          List.of(new InvalidSetting("profile", "none", "the name of a profile")));
    }
    List<InvalidSetting> invalid = check(spec);
    if (!invalid.isEmpty()) {
      throw new InvalidSettingException(invalid);
    }
    Profile adapted = ProfileChange.faster(withSlots(profile, spec), spec.real(SPEED, 1));
    StepNoise noise =
        StepNoise.of(
            spec.real(NOISE, 0), new SplittableRandom(spec.number(SEED, spec.id().hashCode())));
    Engine engine = Engine.of(adapted, noise, clock.nanoTime());
    long maxWaiting = spec.number(MAX_WAITING, DEFAULT_MAX_WAITING);
    return new EmulatedBackend(spec.id(), adapted, engine, maxWaiting, clock);
  }

  private static Profile withSlots(Profile profile, BackendSpec spec) {
    return spec.settings().containsKey(SLOTS)
        ? profile.withSlots((int) spec.number(SLOTS, 0))
        : profile;
  }
}
