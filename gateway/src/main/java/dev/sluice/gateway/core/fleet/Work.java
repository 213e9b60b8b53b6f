package dev.sluice.gateway.core.fleet;

/**
 * What one attempt adds to a deployment's load; the same value is added and taken away, so that the
 * books balance.
 *
 * @param promptTokens tokens of the prompt
 * @param kvTokens key-value tokens it holds on average while decoding
 * @param prefillNanos engine time of its prompt
 * @param engineNanos engine time of prompt and answer together
 */
public record Work(int promptTokens, long kvTokens, double prefillNanos, double engineNanos) {

  /** The work of a request with these lengths on {@code deployment}. */
  public static Work of(Deployment deployment, int promptTokens, int expectedOutputTokens) {
    double perPromptTokenNanos =
        switch (deployment.figures()) {
          case Figures.Batch batch -> batch.perPromptTokenNanos();
          case Figures.Slots slots -> slots.perPromptTokenNanos() / slots.slots();
        };
    return new Work(
        promptTokens,
        promptTokens + expectedOutputTokens / 2L,
        perPromptTokenNanos * promptTokens,
        deployment.figures().engineNanos(promptTokens, expectedOutputTokens));
  }
}
