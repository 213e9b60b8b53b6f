package dev.sluice.backends.emulated;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;

/** Derives profiles that go at another speed or answer later, as settings and the way there ask. */
final class ProfileChange {

  private ProfileChange() {}

  /** The profile with all times divided by {@code speed}; energy per token stays. */
  static Profile faster(Profile profile, double speed) {
    if (speed == 1) {
      return profile;
    }
    Service service =
        switch (profile.service()) {
          case Service.Batch batch -> faster(batch, speed);
          case Service.Slots s ->
              new Service.Slots(
                  s.tokenNanos() / speed,
                  s.slots(),
                  s.perPromptTokenNanos() / speed,
                  s.fillNanos() / speed);
        };
    return serving(profile, service, profile.overheadNanos() / speed);
  }

  /** The profile whose first tokens come {@code nanos} later. */
  static Profile later(Profile profile, long nanos) {
    return serving(profile, profile.service(), profile.overheadNanos() + nanos);
  }

  private static Service.Batch faster(Service.Batch batch, double speed) {
    Service.HostFloor floor = batch.hostFloor();
    return new Service.Batch(
        batch.stepNanos() / speed,
        batch.perSequenceNanos() / speed,
        batch.perKvTokenNanos() / speed,
        batch.perPromptTokenNanos() / speed,
        new Service.HostFloor(floor.baseNanos() / speed, floor.perSequenceNanos() / speed),
        batch.limits());
  }

  private static Profile serving(Profile profile, Service service, double overheadNanos) {
    return new Profile(
        profile.name(),
        profile.deployment(),
        service,
        overheadNanos,
        profile.energy(),
        profile.price(),
        profile.contextTokens());
  }
}
