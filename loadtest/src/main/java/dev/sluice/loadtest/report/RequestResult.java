package dev.sluice.loadtest.report;

import dev.sluice.loadtest.workload.ScheduledRequest;
import org.jspecify.annotations.Nullable;

/**
 * What became of one scheduled request. Its measures are {@link #INFINITE} unless it completed, so
 * that a failure counts as slower than everything.
 *
 * @param request what was to be sent
 * @param ending how it ended
 * @param times what happened when
 * @param tokens what arrived
 * @param placement who served it
 * @param forecast what the gateway expected; null: it did not say
 * @param account what the gateway measured; null: it did not get that far
 */
public record RequestResult(
    ScheduledRequest request,
    Ending ending,
    Timeline times,
    TokenTally tokens,
    Placement placement,
    @Nullable Forecast forecast,
    @Nullable Account account) {
  /** The measure of a request that failed. */
  static final long INFINITE = Long.MAX_VALUE;

  /** The measure of a request that has none, such as the time per token of a single token. */
  static final long NOT_APPLICABLE = -1;

  public RequestResult {
    if (ending.outcome() == Outcome.COMPLETED && (times.lastTokenNanos() < 0 || !tokens.intact())) {
      throw new IllegalArgumentException(
          "request " + request.index() + ": completed (expected: with all its tokens)");
    }
  }

  boolean completed() {
    return ending.outcome() == Outcome.COMPLETED;
  }

  boolean sent() {
    return times.sentNanos() != Timeline.NEVER;
  }

  long ttftFromIntendedNanos() {
    return completed() ? times.firstTokenNanos() - times.intendedNanos() : INFINITE;
  }

  long ttftFromSentNanos() {
    return completed() ? times.firstTokenNanos() - times.sentNanos() : INFINITE;
  }

  long totalFromIntendedNanos() {
    return completed() ? times.lastTokenNanos() - times.intendedNanos() : INFINITE;
  }

  long totalFromSentNanos() {
    return completed() ? times.lastTokenNanos() - times.sentNanos() : INFINITE;
  }

  /** From the sending to the refusal, for one that was refused. */
  long refusedAfterNanos() {
    return ending.outcome() == Outcome.REFUSED
        ? times.closedNanos() - times.sentNanos()
        : NOT_APPLICABLE;
  }

  /** Mean time per token after the first. */
  long tpotNanos() {
    if (!completed()) {
      return request.outputTokens() > 1 ? INFINITE : NOT_APPLICABLE;
    }
    return tokens.received() > 1
        ? (times.lastTokenNanos() - times.firstTokenNanos()) / (tokens.received() - 1)
        : NOT_APPLICABLE;
  }

  long pacingErrorNanos() {
    return sent() ? Math.max(0, times.sentNanos() - times.intendedNanos()) : NOT_APPLICABLE;
  }

  /** Whether it completed within every part of its budget, counted from the intended time. */
  public boolean attained() {
    return completed()
        && request
            .serviceClass()
            .budget()
            .allows(ttftFromIntendedNanos(), Math.max(0, tpotNanos()), totalFromIntendedNanos());
  }
}
