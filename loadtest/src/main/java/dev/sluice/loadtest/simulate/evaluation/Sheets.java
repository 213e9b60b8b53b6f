package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.profile.Profile;
import dev.sluice.gateway.config.CoreTerms;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Economics;

/** What the gateway's core knows of a backend before anything was observed. */
final class Sheets {

  /** Cost plays no part in a forecast. */
  private static final Economics FREE = new Economics(0, 0, 0, new Economics.Energy(0, 0, 0));

  private Sheets() {}

  /** The deployment that {@code profile} describes. */
  static Deployment deployment(int index, String backend, Profile profile) {
    return new Deployment(
        index,
        new Deployment.Identity(
            backend,
            profile.deployment().model(),
            AcceleratorKind.valueOf(profile.deployment().kind().name()),
            "",
            profile.name(),
            ""),
        CoreTerms.figures(profile),
        FREE,
        profile.contextTokens());
  }
}
