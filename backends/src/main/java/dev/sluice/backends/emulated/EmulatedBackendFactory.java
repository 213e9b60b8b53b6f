package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.Task;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.profile.Profile;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes accelerators that are emulated in this process, in real time, from their profile. */
public final class EmulatedBackendFactory implements BackendFactory {

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
  public boolean isInProcess() {
    return true;
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        optional(
            EngineSettings.SLOTS,
            Setting.Type.WHOLE_NUMBER,
            "Sequences served at once, instead of the profile's; only for profiles with slots."),
        optional(
            EngineSettings.MAX_WAITING,
            Setting.Type.WHOLE_NUMBER,
            "Generations that may wait for a place before further ones are refused; 512 if unset."),
        optional(
            EngineSettings.NOISE,
            Setting.Type.NUMBER,
            "Standard deviation of step times as a share of their mean, 0 to 0.5; 0 if unset."),
        optional(
            EngineSettings.SPEED,
            Setting.Type.NUMBER,
            "How many times faster than the profile everything goes, 0.000001 to 1000000; 1 if"
                + " unset."),
        optional(
            EngineSettings.SEED,
            Setting.Type.WHOLE_NUMBER,
            "Seed of the noise; if unset, it follows from the backend's id."));
  }

  private static Setting optional(String name, Setting.Type type, String description) {
    return new Setting(name, type, false, List.of(), description);
  }

  @Override
  public List<InvalidSetting> check(BackendSpec spec) {
    return EngineSettings.check(spec);
  }

  /** A profile is of a model that generates, or of one that embeds. */
  @Override
  public Set<Task> tasks(BackendSpec spec) {
    Profile profile = spec.profile();
    return EnumSet.of(
        profile != null && profile.deployment().embeds() ? Task.EMBED : Task.GENERATE);
  }

  /** Its text is a function of the question and the index alone, whatever the hardware. */
  @Override
  public Continuation continuation(BackendSpec spec) {
    return Continuation.EXACT;
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
    EngineSettings settings = EngineSettings.of(spec, profile);
    Engine engine = settings.engine(clock.nanoTime(), new SplittableRandom(settings.seed()));
    return new EmulatedBackend(spec.id(), settings.profile(), engine, settings.maxWaiting(), clock);
  }
}
