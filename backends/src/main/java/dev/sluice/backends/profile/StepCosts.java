package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Service.HostFloor;

/**
 * The linear costs of a step, in nanoseconds, and where they come from.
 *
 * @param stepNanos a: fixed
 * @param perSequenceNanos b: per decoding sequence
 * @param perKvTokenNanos g: per key-value token read
 * @param perPromptTokenNanos π: per prompt token
 * @param hostFloor least length of a step
 * @param decode where a and b come from
 * @param derivation where g and π come from
 */
record StepCosts(
    double stepNanos,
    double perSequenceNanos,
    double perKvTokenNanos,
    double perPromptTokenNanos,
    HostFloor hostFloor,
    Provenance decode,
    Provenance derivation) {

  StepCosts {
    Checks.positive("stepNanos", stepNanos);
    Checks.positive("perSequenceNanos", perSequenceNanos);
    Checks.positive("perKvTokenNanos", perKvTokenNanos);
    Checks.positive("perPromptTokenNanos", perPromptTokenNanos);
  }

  /** The same with another a and b, which are measured and so contain the host's part. */
  StepCosts withDecode(double otherStepNanos, double otherPerSequenceNanos, Provenance origin) {
    return new StepCosts(
        otherStepNanos,
        otherPerSequenceNanos,
        perKvTokenNanos,
        perPromptTokenNanos,
        HostFloor.NONE,
        origin,
        derivation);
  }
}
