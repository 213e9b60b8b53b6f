package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.Figures;

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
        figures(profile),
        FREE,
        profile.contextTokens());
  }

  private static Figures figures(Profile profile) {
    return switch (profile.service()) {
      case Service.Batch batch ->
          new Figures.Batch(
              batch.stepNanos(),
              batch.perSequenceNanos(),
              batch.perKvTokenNanos(),
              batch.perPromptTokenNanos(),
              new Figures.Floor(
                  batch.hostFloor().baseNanos(), batch.hostFloor().perSequenceNanos()),
              new Figures.Limits(
                  batch.limits().chunkTokens(),
                  batch.limits().maxSequences(),
                  batch.limits().kvTokens()),
              profile.overheadNanos());
      case Service.Slots slots ->
          new Figures.Slots(
              slots.tokenNanos(),
              slots.slots(),
              slots.perPromptTokenNanos(),
              slots.fillNanos(),
              profile.overheadNanos());
    };
  }
}
