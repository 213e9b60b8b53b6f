package dev.sluice.loadtest.bound;

/**
 * What one request cannot do without on one pool: work, and the instants between which it is done
 * if the budget is met. Filled by {@link PoolNeeds}.
 */
final class Need {

  /** Earliest instant at which the prompt is worked on. */
  long promptFromNanos;

  /** Latest instant of the first token. */
  long promptUntilNanos;

  /** Earliest instant of the first token. */
  long answerFromNanos;

  /** Latest instant of the last token. */
  long answerUntilNanos;

  /** Engine seconds up to the first token, by way of {@link Sharing}, rounded down. */
  final float[] promptSeconds;

  /** Engine seconds after the first token, by way of {@link Sharing}, rounded down. */
  final float[] answerSeconds;

  Need(int ways) {
    promptSeconds = new float[ways];
    answerSeconds = new float[ways];
  }

  /** Sets the work of one way, in nanoseconds; half the memory of a double loses 1e-7 of it. */
  void setWork(int way, double promptNanos, double answerNanos) {
    promptSeconds[way] = roundedDown(promptNanos * 1e-9);
    answerSeconds[way] = roundedDown(answerNanos * 1e-9);
  }

  private static float roundedDown(double seconds) {
    float nearest = (float) seconds;
    return nearest > seconds ? Math.nextDown(nearest) : nearest;
  }

  /**
   * Sets the instants.
   *
   * @param readyNanos when work can begin
   * @param promptNanos least time from then to the first token
   * @param answerNanos least time from the first token to the last
   * @return most time from the first token to the last; -1: the budget is missed in any case
   */
  long setInstants(
      BoundProblem problem, int request, long readyNanos, long promptNanos, long answerNanos) {
    long arrival = problem.arrivalNanos(request);
    long last = Math.min(plus(arrival, problem.totalNanos(request)), problem.endNanos());
    long first = Math.min(plus(arrival, problem.ttftNanos(request)), last - answerNanos);
    int steps = problem.outputTokens(request) - 1;
    long span =
        Math.min(spanNanos(problem.tpotNanos(request), steps), last - readyNanos - promptNanos);
    promptFromNanos = readyNanos;
    promptUntilNanos = first;
    answerFromNanos = readyNanos + promptNanos;
    answerUntilNanos = Math.min(plus(first, span), last);
    return first < answerFromNanos || span < answerNanos ? -1 : span;
  }

  /** Most time for {@code steps} tokens whose mean, rounded down, keeps {@code tpotNanos}. */
  private static long spanNanos(long tpotNanos, int steps) {
    if (tpotNanos == BoundProblem.UNLIMITED || steps == 0) {
      return BoundProblem.UNLIMITED;
    }
    long exact = Math.multiplyHigh(tpotNanos, steps) == 0 ? tpotNanos * steps : -1;
    return exact < 0 ? BoundProblem.UNLIMITED : plus(exact, steps - 1);
  }

  static long plus(long instant, long span) {
    long sum = instant + span;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
