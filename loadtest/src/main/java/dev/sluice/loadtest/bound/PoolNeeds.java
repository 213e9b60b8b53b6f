package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Service;

/** Says what requests cannot do without on one pool. */
sealed interface PoolNeeds permits BatchNeeds, SlotNeeds {

  static PoolNeeds of(BoundPool pool) {
    return switch (pool.service()) {
      case Service.Batch batch -> new BatchNeeds(pool, batch);
      case Service.Slots slots -> new SlotNeeds(pool, slots);
    };
  }

  /**
   * Fills {@code need} for a request.
   *
   * @return false if the pool misses the request's budget even when it serves nothing else
   */
  boolean measure(BoundProblem problem, int request, Need need);
}
