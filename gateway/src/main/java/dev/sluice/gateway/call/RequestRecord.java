package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.BudgetPart;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one account of an ended request. No prompt text, no secret.
 *
 * @param request what was asked
 * @param route who served it; null when it was never routed
 * @param outcome how it ended
 * @param usage tokens
 * @param times lengths of time, measured here
 * @param missed parts of the budget that were not met
 * @param expense estimated cost and energy
 */
public record RequestRecord(
    InferenceRequest request,
    @Nullable Routing route,
    Outcome outcome,
    Usage usage,
    Times times,
    List<BudgetPart> missed,
    Expense expense) {

  public RequestRecord {
    missed = List.copyOf(missed);
  }

  /** Who served a request, what was expected, and how many attempts it took. */
  public record Routing(AdmittedRequest request, Assignment assignment, int attempts) {}

  /** How a request ended. */
  public sealed interface Outcome {}

  /** Answered in full; {@code reason} is the backend's word for why the answer ended. */
  public record Completed(String reason) implements Outcome {}

  /** Not answered in full. */
  public record Failed(Failure failure) implements Outcome {}

  /** Tokens of a request. */
  public record Usage(int inputTokens, int outputTokens, int cachedInputTokens) {}

  /**
   * Lengths of time from the request's arrival, in nanoseconds; 0 where there is none.
   *
   * @param decisionNanos until the decision was made
   * @param firstTokenNanos until the first token
   * @param perTokenNanos mean per token after the first
   * @param totalNanos until the end
   */
  public record Times(
      long decisionNanos, long firstTokenNanos, long perTokenNanos, long totalNanos) {}

  /** Estimated cost in US dollars and energy in joules. */
  public record Expense(double costUsd, double energyJoules) {}
}
