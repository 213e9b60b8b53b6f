package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Service;

/**
 * Needs on a slot engine.
 *
 * @implNote A request holds one of {@code slots} slots for the whole time of its prompt, {@code
 *     fill + π·p}, and then for the whole time of its answer, {@code (o-1)·tokenNanos}; both are
 *     what the engine takes, rounded down to nanoseconds as it does, whatever else it serves. A
 *     replica gives {@code slots} slot seconds a second, so a request takes a slot-th of its time
 *     in engine seconds. Since nothing delays an answer once it has begun, the last token comes
 *     exactly the answer's time after the first, and the budget of the first token bounds the
 *     window of all. There is no prefix cache.
 */
final class SlotNeeds implements PoolNeeds {

  private final BoundPool pool;
  private final Service.Slots service;

  SlotNeeds(BoundPool pool, Service.Slots service) {
    this.pool = pool;
    this.service = service;
  }

  @Override
  public boolean measure(BoundProblem problem, int request, Need need) {
    int prompt = problem.promptTokens(request);
    int output = problem.outputTokens(request);
    if (prompt + output > pool.longestTokens()) {
      return false;
    }
    long promptNanos = (long) (service.fillNanos() + prompt * service.perPromptTokenNanos());
    long answerNanos = (long) ((output - 1) * service.tokenNanos());
    long ready = problem.arrivalNanos(request) + (long) pool.overheadNanos();
    if (need.setInstants(problem, request, ready, promptNanos, answerNanos) < 0) {
      return false;
    }
    need.answerUntilNanos =
        Math.min(need.answerUntilNanos, Need.plus(need.promptUntilNanos, answerNanos));
    need.setWork(0, (double) promptNanos / service.slots(), (double) answerNanos / service.slots());
    return true;
  }
}
