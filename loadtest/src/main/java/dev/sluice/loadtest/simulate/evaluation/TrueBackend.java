package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.profile.Profile;

/**
 * A backend as it is, beside what is believed of it.
 *
 * @param believed the profile that forecasts start from
 * @param real the profile of the engine that serves
 * @param pace how the engine strays from its model
 * @param noise spread of its steps
 * @param neighbourPerSecond requests a second that others send there, which nobody tells us of
 */
record TrueBackend(
    Profile believed, Profile real, Pace pace, double noise, double neighbourPerSecond) {

  /** A backend that is what it is believed to be. */
  static TrueBackend asBelieved(Profile profile) {
    return new TrueBackend(profile, profile, Pace.EVEN, 0, 0);
  }

  TrueBackend withReal(Profile other) {
    return new TrueBackend(believed, other, pace, noise, neighbourPerSecond);
  }

  TrueBackend withPace(Pace other) {
    return new TrueBackend(believed, real, other, noise, neighbourPerSecond);
  }

  TrueBackend withNoise(double other) {
    return new TrueBackend(believed, real, pace, other, neighbourPerSecond);
  }

  TrueBackend withNeighbour(double perSecond) {
    return new TrueBackend(believed, real, pace, noise, perSecond);
  }
}
