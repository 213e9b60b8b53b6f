package dev.sluice.gateway.core.prediction;

/** The outcome of an attempt, as far as it is known: what a learner learns from. */
public sealed interface Label {

  /** What was expected. */
  Prediction prediction();

  /** The attempt was sent. */
  record Sent(Prediction prediction, long nowNanos) implements Label {}

  /** Its first token came {@code sinceSentNanos} after it was sent. */
  record FirstToken(Prediction prediction, long sinceSentNanos, long nowNanos) implements Label {}

  /**
   * It ended.
   *
   * @param outputTokens tokens of the answer; 0 when its first token never came
   * @param complete whether it ended regularly; an answer cut short tells nothing of its length
   * @param perTokenNanos measured mean after the first token; 0 when there were not two
   */
  record Ended(
      Prediction prediction,
      int outputTokens,
      boolean complete,
      double perTokenNanos,
      long nowNanos)
      implements Label {}
}
