package dev.sluice.backends.profile;

import java.util.List;
import java.util.Optional;

/** The catalogue of shipped profiles. */
public final class Profiles {

  private Profiles() {}

  /** The profile called {@code name}, or empty. */
  public static Optional<Profile> find(String name) {
    return Optional.empty();
  }

  /** Names of all profiles, in alphabetical order. */
  public static List<String> names() {
    return List.of();
  }
}
