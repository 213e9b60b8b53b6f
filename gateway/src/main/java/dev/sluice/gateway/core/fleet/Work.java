package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Size;

/**
 * What one attempt adds to a deployment's load; the same value is added and taken away, so that the
 * books balance.
 *
 * @param promptTokens tokens of the prompt that must be processed, those found in the cache left
 *     out
 * @param kvTokens key-value tokens it holds on average while decoding
 * @param prefillNanos engine time of its prompt
 * @param engineNanos engine time of prompt and answer together
 * @param ahead requests under way when it was sent
 * @param writtenTokens key-value tokens that it writes in all
 * @param prefix what it leaves in the cache
 */
public record Work(
    int promptTokens,
    long kvTokens,
    double prefillNanos,
    double engineNanos,
    int ahead,
    int writtenTokens,
    Prefix prefix) {

  /** Work that finds nobody ahead and leaves nothing in the cache. */
  public Work(int promptTokens, long kvTokens, double prefillNanos, double engineNanos) {
    this(promptTokens, kvTokens, prefillNanos, engineNanos, 0, 0, Prefix.NONE);
  }

  /**
   * The work of a request with these lengths on {@code deployment}, idle and with an empty cache.
   */
  public static Work of(Deployment deployment, int promptTokens, int expectedOutputTokens) {
    return of(
        DeploymentState.fresh(deployment),
        new Size(promptTokens, 0, 0, Prefix.NONE),
        expectedOutputTokens);
  }

  /** The work of a request of {@code size} on a deployment as it stands. */
  public static Work of(DeploymentState state, Size size, int expectedOutputTokens) {
    Figures figures = state.deployment().figures();
    int cachedTokens = state.cachedTokens(size);
    int uncachedTokens = size.promptTokens() - cachedTokens;
    return new Work(
        uncachedTokens,
        size.promptTokens() + expectedOutputTokens / 2L,
        figures.enginePerPromptTokenNanos() * uncachedTokens,
        figures.engineNanos(uncachedTokens, expectedOutputTokens),
        state.load().inFlight(),
        uncachedTokens + expectedOutputTokens,
        size.prefix());
  }
}
