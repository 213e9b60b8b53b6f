package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.Profile;

/**
 * Books energy to sequences and to idleness: {@code E0/B + E1} joules per decoded token, so many
 * per prompt token, and idle power while nothing runs.
 *
 * <p>What a sequence owes of the shared part is the difference of two readings of one running sum,
 * so a step costs the same however many sequences it serves. The first token of an answer comes
 * with its prompt and is paid for by it.
 */
final class EnergyMeter {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Profile.Energy energy;

  /** Sum over the steps of E0/B: what a sequence that was in all of them would owe. */
  private double perSequenceJoules;

  private double requestJoules;
  private double idleJoules;
  private long idleSinceNanos;
  private boolean idle = true;

  EnergyMeter(Profile.Energy energy, long startNanos) {
    this.energy = energy;
    this.idleSinceNanos = startNanos;
  }

  /** Counts {@code steps} steps, or parts of steps, with {@code sequences} decoding in each. */
  void decoded(double steps, int sequences) {
    if (sequences > 0) {
      perSequenceJoules += steps * energy.perStepJoules() / sequences;
      requestJoules += steps * (energy.perStepJoules() + energy.perTokenJoules() * sequences);
    }
  }

  void prefilled(Sequence sequence, int tokens) {
    double joules = tokens * energy.perPromptTokenJoules();
    sequence.joules += joules;
    requestJoules += joules;
  }

  void beginDecoding(Sequence sequence) {
    sequence.energyMark = perSequenceJoules;
  }

  void endDecoding(Sequence sequence, double steps) {
    sequence.joules += perSequenceJoules - sequence.energyMark + steps * energy.perTokenJoules();
  }

  void beginIdle(long nowNanos) {
    if (!idle) {
      idle = true;
      idleSinceNanos = nowNanos;
    }
  }

  void endIdle(long nowNanos) {
    if (idle) {
      idle = false;
      idleJoules += idleJoulesUntil(nowNanos);
    }
  }

  EnergyUse use(long nowNanos) {
    return new EnergyUse(requestJoules, idle ? idleJoules + idleJoulesUntil(nowNanos) : idleJoules);
  }

  private double idleJoulesUntil(long nowNanos) {
    return energy.idleWatts() * (nowNanos - idleSinceNanos) / NANOS_PER_SECOND;
  }
}
