package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Service.Batch;
import dev.sluice.backends.profile.Service.Slots;

/** Shipped profiles, and catalogues that differ from the shipped one in one place. */
final class ProfilesFixtures {

  private ProfilesFixtures() {}

  static Profile profile(String name) {
    return Profiles.find(name).orElseThrow(() -> new AssertionError("no profile " + name));
  }

  static Batch batch(String name) {
    return (Batch) profile(name).service();
  }

  static Slots slots(String name) {
    return (Slots) profile(name).service();
  }

  static StepCosts derived(String name) {
    return Profiles.shipped().derivedCosts(name).orElseThrow();
  }

  /** The shipped catalogue with {@code written} in {@code file} replaced. */
  static Catalogue catalogue(String file, String written, String instead) {
    return new Catalogue(
        asked -> {
          String text = Profiles.shippedText(asked);
          if (!asked.equals(file)) {
            return text;
          }
          if (!text.contains(written)) {
            throw new AssertionError(file + " does not contain " + written);
          }
          return text.replace(written, instead);
        });
  }

  /** Milliseconds per token with {@code sequences} decoding, each with {@code contextTokens}. */
  static double tokenMillis(Batch batch, int sequences, int contextTokens) {
    return batch.stepNanos(sequences, (long) sequences * contextTokens, 0) / 1e6;
  }
}
