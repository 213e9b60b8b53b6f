package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.profile.Profile;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a process has to offer to a configuration.
 *
 * @param factories the kinds of backends
 * @param profile the profile of a name, or empty; {@link IllegalArgumentException} where the name
 *     is of a file that holds none
 * @param nearestProfile the name of a profile nearest to one that does not exist
 * @param policies names of the routing policies
 */
record Catalogue(
    List<BackendFactory> factories,
    Function<String, Optional<Profile>> profile,
    Function<String, String> nearestProfile,
    List<String> policies) {

  Catalogue {
    factories = List.copyOf(factories);
    policies = List.copyOf(policies);
  }

  /** The names of the kinds, in alphabetical order. */
  List<String> kinds() {
    return factories.stream().map(BackendFactory::kind).sorted().toList();
  }

  /** The factory of a kind that there is. */
  BackendFactory factory(String kind) {
    return factories.stream().filter(f -> f.kind().equals(kind)).findFirst().orElseThrow();
  }
}
