package dev.sluice.gateway.core.policy;

/**
 * Power of two choices: of two candidates drawn by chance, the one with less under way for its
 * capacity (Mitzenmacher 2001; science §1.2). The load of the fullest of n then grows with log log
 * n instead of log n ÷ log log n.
 */
final class PowerOfTwo extends TwoChoices {

  @Override
  public double score(Candidates candidates, int place) {
    return -candidates.state(place).sequences()
        / candidates.deployment(place).figures().capacityPerSecond();
  }
}
