package dev.sluice.gateway.core.fleet;

/**
 * What a deployment draws by estimate, from the energy figures of its profile.
 *
 * <p>A batching engine: the energy of its next step over the step's length, with every sequence
 * under way decoding, and with a chunk of prompt where one waits, whichever is more; that energy
 * was measured with all that the device draws, so idle power is its floor and not added. A slot
 * engine: idle power, and what each busy slot adds.
 */
final class Power {

  private static final double NANOS_PER_SECOND = 1e9;

  private Power() {}

  /** Watts with {@code sequences} under way, of whose prompts {@code promptTokens} wait. */
  static double watts(Deployment deployment, int sequences, long promptTokens, long kvTokens) {
    Economics.Energy energy = deployment.economics().energy();
    return switch (deployment.figures()) {
      case Figures.Batch batch ->
          Math.max(energy.idleWatts(), step(energy, batch, sequences, promptTokens, kvTokens));
      case Figures.Slots slots ->
          energy.idleWatts() + busy(energy, slots, Math.min(sequences, slots.slots()));
    };
  }

  private static double step(
      Economics.Energy energy,
      Figures.Batch batch,
      int sequences,
      long promptTokens,
      long kvTokens) {
    if (sequences == 0) {
      return 0;
    }
    int decoding = Math.min(sequences, batch.limits().maxSequences());
    double joules = energy.perStepJoules() + energy.perTokenJoules() * decoding;
    double nanos = batch.decodeStepNanos(decoding, kvTokens);
    double chunk = Math.min(promptTokens, batch.limits().chunkTokens());
    double mixed =
        (joules + energy.perPromptTokenJoules() * chunk)
            / (nanos + batch.perPromptTokenNanos() * chunk);
    return NANOS_PER_SECOND * Math.max(joules / nanos, mixed);
  }

  private static double busy(Economics.Energy energy, Figures.Slots slots, int busy) {
    if (busy == 0) {
      return 0;
    }
    double decoding =
        (energy.perStepJoules() + energy.perTokenJoules() * busy) / slots.tokenNanos();
    double prompts = energy.perPromptTokenJoules() * busy / slots.perPromptTokenNanos();
    return NANOS_PER_SECOND * Math.max(decoding, prompts);
  }
}
