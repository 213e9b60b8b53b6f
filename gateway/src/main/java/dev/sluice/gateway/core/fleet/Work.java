package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
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
 * @param paceTokensPerSecond tokens a second that its budget asks for while it decodes; 0: any
 * @param written what it leaves in the cache
 */
public record Work(
    int promptTokens,
    long kvTokens,
    double prefillNanos,
    double engineNanos,
    int ahead,
    double paceTokensPerSecond,
    Written written) {

  /**
   * What an attempt leaves in the cache.
   *
   * @param tokens key-value tokens that it writes in all
   * @param prefix blocks of its prompt
   */
  public record Written(int tokens, Prefix prefix) {
    static final Written NOTHING = new Written(0, Prefix.NONE);
  }

  /** Work at any pace that finds nobody ahead and leaves nothing in the cache. */
  public Work(int promptTokens, long kvTokens, double prefillNanos, double engineNanos) {
    this(promptTokens, kvTokens, prefillNanos, engineNanos, 0, 0, Written.NOTHING);
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

  /** The work of {@code request} on a deployment as it stands. */
  public static Work of(DeploymentState state, AdmittedRequest request) {
    return of(
        state,
        request.request().size(),
        request.expectedOutputTokens(),
        paceTokensPerSecond(request.budget(), request.expectedOutputTokens()));
  }

  /** The work of a request of {@code size}, at any pace, on a deployment as it stands. */
  public static Work of(DeploymentState state, Size size, int expectedOutputTokens) {
    return of(state, size, expectedOutputTokens, 0);
  }

  private static Work of(
      DeploymentState state, Size size, int expectedOutputTokens, double paceTokensPerSecond) {
    Figures figures = state.deployment().figures();
    int cachedTokens = state.cachedTokens(size);
    int uncachedTokens = size.promptTokens() - cachedTokens;
    return new Work(
        uncachedTokens,
        size.promptTokens() + expectedOutputTokens / 2L,
        figures.enginePerPromptTokenNanos() * uncachedTokens,
        figures.engineNanos(uncachedTokens, expectedOutputTokens),
        state.load().inFlight(),
        paceTokensPerSecond,
        new Written(uncachedTokens + expectedOutputTokens, size.prefix()));
  }

  /** The pace of a budget of either kind; the whole of a total is taken to be for the answer. */
  private static double paceTokensPerSecond(Budget budget, int outputTokens) {
    double perToken = budget.perTokenNanos() > 0 ? 1e9 / budget.perTokenNanos() : 0;
    double inAll = budget.totalNanos() > 0 ? 1e9 * outputTokens / budget.totalNanos() : 0;
    return Math.max(perToken, inAll);
  }
}
