package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;

/** Profiles with other figures: hardware that is not what its data sheet says. */
final class Changes {

  private Changes() {}

  /** All times longer by {@code ratio}. */
  static Profile slower(Profile profile, double ratio) {
    return switch (profile.service()) {
      case Service.Batch batch -> with(profile, scaled(batch, ratio, ratio));
      case Service.Slots slots ->
          with(
              profile,
              new Service.Slots(
                  ratio * slots.tokenNanos(),
                  slots.slots(),
                  ratio * slots.perPromptTokenNanos(),
                  ratio * slots.fillNanos()));
    };
  }

  /** Prompts slower by one ratio and steps by another: no common factor puts that right. */
  static Profile skewed(Profile profile, double promptRatio, double stepRatio) {
    return switch (profile.service()) {
      case Service.Batch batch -> with(profile, scaled(batch, promptRatio, stepRatio));
      case Service.Slots slots ->
          with(
              profile,
              new Service.Slots(
                  stepRatio * slots.tokenNanos(),
                  slots.slots(),
                  promptRatio * slots.perPromptTokenNanos(),
                  stepRatio * slots.fillNanos()));
    };
  }

  private static Service.Batch scaled(Service.Batch batch, double promptRatio, double stepRatio) {
    return new Service.Batch(
        stepRatio * batch.stepNanos(),
        stepRatio * batch.perSequenceNanos(),
        stepRatio * batch.perKvTokenNanos(),
        promptRatio * batch.perPromptTokenNanos(),
        new Service.HostFloor(
            stepRatio * batch.hostFloor().baseNanos(),
            stepRatio * batch.hostFloor().perSequenceNanos()),
        batch.limits());
  }

  /** Steps of at most {@code tokens}; slot engines have none. */
  static Profile chunk(Profile profile, int tokens) {
    return limits(profile, tokens, 1);
  }

  /** Memory for only {@code ratio} of the key-value tokens; slot engines do not count them. */
  static Profile memory(Profile profile, double ratio) {
    return limits(profile, 0, ratio);
  }

  private static Profile limits(Profile profile, int chunkTokens, double kvRatio) {
    return switch (profile.service()) {
      case Service.Batch batch -> {
        Service.BatchLimits old = batch.limits();
        Service.BatchLimits limits =
            new Service.BatchLimits(
                chunkTokens > 0 ? chunkTokens : old.chunkTokens(),
                old.maxSequences(),
                (long) (kvRatio * old.kvTokens()),
                old.blockTokens(),
                old.prefixCache());
        yield with(
            profile,
            new Service.Batch(
                batch.stepNanos(),
                batch.perSequenceNanos(),
                batch.perKvTokenNanos(),
                batch.perPromptTokenNanos(),
                batch.hostFloor(),
                limits));
      }
      case Service.Slots _ -> profile;
    };
  }

  private static Profile with(Profile profile, Service service) {
    return new Profile(
        profile.name(),
        profile.deployment(),
        service,
        profile.overheadNanos(),
        profile.energy(),
        profile.price(),
        profile.contextTokens());
  }
}
