package dev.sluice.gateway.core.fleet;

/**
 * What we know to be under way on a deployment, from our own bookkeeping.
 *
 * @param prefilling requests sent that have no token yet
 * @param decoding requests that have one
 * @param prefillTokens prompt tokens of the prefilling ones, those found in a cache left out
 * @param kvTokens key-value tokens of the decoding ones, as expected on average over their lives
 * @param prefillWork prompt work of late
 * @param engineWork all work of late, as expected when it was sent
 * @param dispatched attempts ever sent
 */
public record Load(
    int prefilling,
    int decoding,
    long prefillTokens,
    long kvTokens,
    DecayedWork prefillWork,
    DecayedWork engineWork,
    long dispatched) {

  /** Nothing under way. */
  public static final Load IDLE = new Load(0, 0, 0, 0, DecayedWork.NONE, DecayedWork.NONE, 0);

  public Load {
    if (prefilling < 0 || decoding < 0 || prefillTokens < 0 || kvTokens < 0) {
      throw new IllegalArgumentException(
          "load: %d prefilling, %d decoding, %d + %d tokens (expected: all >= 0)"
              .formatted(prefilling, decoding, prefillTokens, kvTokens));
    }
  }

  /** Share of the engine's time that is spoken for of late, 0 … 1 and more. */
  public double utilisation(long nowNanos) {
    return engineWork.share(nowNanos);
  }

  /** Requests under way. */
  public int inFlight() {
    return prefilling + decoding;
  }

  /** This load after {@code work} was sent. */
  Load dispatched(Work work, long nowNanos) {
    return new Load(
        prefilling + 1,
        decoding,
        prefillTokens + work.promptTokens(),
        kvTokens,
        prefillWork.plus(work.prefillNanos(), nowNanos),
        engineWork.plus(work.engineNanos(), nowNanos),
        dispatched + 1);
  }

  /** This load after the first token of {@code work} came. */
  Load firstToken(Work work) {
    return new Load(
        prefilling - 1,
        decoding + 1,
        prefillTokens - work.promptTokens(),
        kvTokens + work.kvTokens(),
        prefillWork,
        engineWork,
        dispatched);
  }

  /**
   * This load after {@code work} ended; {@code hadToken} tells whether its first token had come.
   */
  Load ended(Work work, boolean hadToken) {
    return hadToken
        ? new Load(
            prefilling,
            decoding - 1,
            prefillTokens,
            kvTokens - work.kvTokens(),
            prefillWork,
            engineWork,
            dispatched)
        : new Load(
            prefilling - 1,
            decoding,
            prefillTokens - work.promptTokens(),
            kvTokens,
            prefillWork,
            engineWork,
            dispatched);
  }
}
