package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Resumption;

/**
 * What a request's attempts must keep to.
 *
 * @param budget how long the caller can wait
 * @param deadlineNanos instant at which it ends whatever happens
 * @param resumption which continuations will do should the answer break off
 * @param hedgeNanos silence after which a second attempt is made beside the first; 0: never
 * @param firstIndex index of the first token that is wanted; the caller has what is before it
 */
public record AttemptTerms(
    Budget budget, long deadlineNanos, Resumption resumption, long hedgeNanos, int firstIndex) {

  public AttemptTerms {
    if (hedgeNanos < 0) {
      throw new IllegalArgumentException("hedgeNanos: " + hedgeNanos + " (expected: >= 0)");
    }
    if (firstIndex < 0) {
      throw new IllegalArgumentException("firstIndex: " + firstIndex + " (expected: >= 0)");
    }
  }

  /** The terms of an answer from its beginning. */
  public AttemptTerms(Budget budget, long deadlineNanos, Resumption resumption, long hedgeNanos) {
    this(budget, deadlineNanos, resumption, hedgeNanos, 0);
  }

  /** The terms of {@code request}, without hedges. */
  public static AttemptTerms of(AdmittedRequest request) {
    return new AttemptTerms(
        request.budget(), request.deadlineNanos(), request.resumption(), 0, request.begunTokens());
  }
}
