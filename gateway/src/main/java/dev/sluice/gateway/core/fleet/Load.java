package dev.sluice.gateway.core.fleet;

/**
 * What we know to be under way on a deployment, from our own bookkeeping.
 *
 * @param prompts requests sent that have no token yet
 * @param decoding requests that have one
 * @param paces the paces that all under way ask for
 * @param kvTokens key-value tokens of the decoding ones, as expected on average over their lives
 * @param prefillWork prompt work of late
 * @param engineWork all work of late, as expected when it was sent
 * @param dispatched attempts ever sent
 */
public record Load(
    Prompts prompts,
    int decoding,
    Paces paces,
    long kvTokens,
    DecayedWork prefillWork,
    DecayedWork engineWork,
    long dispatched) {

  /** Nothing under way. */
  public static final Load IDLE =
      new Load(Prompts.NONE, 0, Paces.NONE, 0, DecayedWork.NONE_FOR_LONG, DecayedWork.NONE, 0);

  public Load {
    if (decoding < 0 || kvTokens < 0) {
      throw new IllegalArgumentException(
          "load: %d decoding, %d tokens (expected: both >= 0)".formatted(decoding, kvTokens));
    }
  }

  /**
   * Requests sent that have no token yet.
   *
   * @param requests how many
   * @param tokens tokens of their prompts, those found in a cache left out
   * @param sinceNanos instant since which the first of them is worked on: when it was sent and the
   *     overhead had passed, or when the one before it had its first token
   */
  public record Prompts(int requests, long tokens, long sinceNanos) {

    /** Nobody waits for a first token. */
    static final Prompts NONE = new Prompts(0, 0, Long.MIN_VALUE);

    public Prompts {
      if (requests < 0 || tokens < 0) {
        throw new IllegalArgumentException(
            "prompts: %d requests, %d tokens (expected: both >= 0)".formatted(requests, tokens));
      }
    }

    private Prompts plus(Work work, long startNanos) {
      return new Prompts(
          requests + 1, tokens + work.promptTokens(), requests == 0 ? startNanos : sinceNanos);
    }

    private Prompts minus(Work work, long nowNanos) {
      return new Prompts(requests - 1, tokens - work.promptTokens(), nowNanos);
    }
  }

  /** Requests sent that have no token yet. */
  public int prefilling() {
    return prompts.requests();
  }

  /** Prompt tokens of the prefilling requests. */
  public long prefillTokens() {
    return prompts.tokens();
  }

  /** Share of the engine's time that is spoken for of late, 0 … 1 and more. */
  public double utilisation(long nowNanos) {
    return engineWork.share(nowNanos);
  }

  /** Requests under way. */
  public int inFlight() {
    return prompts.requests() + decoding;
  }

  /**
   * This load after {@code work} was sent, which reaches the engine after {@code overheadNanos}.
   */
  Load dispatched(Work work, long nowNanos, double overheadNanos) {
    return new Load(
        prompts.plus(work, nowNanos + (long) overheadNanos),
        decoding,
        paces.plus(work.paceTokensPerSecond()),
        kvTokens,
        prefillWork.plus(work.prefillNanos(), nowNanos),
        engineWork.plus(work.engineNanos(), nowNanos),
        dispatched + 1);
  }

  /** This load after the first token of {@code work} came. */
  Load firstToken(Work work, long nowNanos) {
    return new Load(
        prompts.minus(work, nowNanos),
        decoding + 1,
        paces,
        kvTokens + work.kvTokens(),
        prefillWork,
        engineWork,
        dispatched);
  }

  /**
   * This load after {@code work} ended; {@code hadToken} tells whether its first token had come.
   */
  Load ended(Work work, boolean hadToken) {
    return new Load(
        hadToken ? prompts : prompts.minus(work, prompts.sinceNanos()),
        hadToken ? decoding - 1 : decoding,
        paces.minus(work.paceTokensPerSecond()),
        hadToken ? kvTokens - work.kvTokens() : kvTokens,
        prefillWork,
        engineWork,
        dispatched);
  }
}
