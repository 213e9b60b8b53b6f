package dev.sluice.gateway.core.fleet;

/**
 * What a deployment costs in money and energy.
 *
 * @param perHourUsd rent of the whole deployment; 0 when it is paid by the token
 * @param perInputTokenUsd price of a prompt token
 * @param perOutputTokenUsd price of an output token
 * @param energy joules
 */
public record Economics(
    double perHourUsd, double perInputTokenUsd, double perOutputTokenUsd, Energy energy) {

  private static final double NANOS_PER_HOUR = 3.6e12;

  /**
   * Joules per output token = {@code perStep/B + perToken} at batch B, and per prompt token; watts
   * drawn when nothing runs.
   */
  public record Energy(
      double perStepJoules, double perTokenJoules, double perPromptTokenJoules, double idleWatts) {

    /** Energy of hardware that draws nothing when idle. */
    public Energy(double perStepJoules, double perTokenJoules, double perPromptTokenJoules) {
      this(perStepJoules, perTokenJoules, perPromptTokenJoules, 0);
    }
  }

  /** Estimated cost in US dollars of a request that takes {@code engineNanos} of the engine. */
  public double costUsd(double engineNanos, int promptTokens, int outputTokens) {
    return perHourUsd * engineNanos / NANOS_PER_HOUR
        + perInputTokenUsd * promptTokens
        + perOutputTokenUsd * outputTokens;
  }

  /** Estimated energy in joules of a request that decodes beside {@code batch} − 1 others. */
  public double energyJoules(int promptTokens, int outputTokens, int batch) {
    return energy.perPromptTokenJoules() * promptTokens
        + (energy.perStepJoules() / Math.max(batch, 1) + energy.perTokenJoules()) * outputTokens;
  }
}
