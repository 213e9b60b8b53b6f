package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.random.RandomGenerator;

/**
 * Bid-price routing: what the request is worth, times the odds that it is met, less what its place
 * is worth to others (science §1.9).
 *
 * <pre>
 * score = value · P(ok) − price · engine-seconds − harm − μ$ · cost − μE · energy
 * </pre>
 *
 * <p>The price follows the load over seconds; the harm is what happens at once. On an engine that
 * works in batches every stream under way is held up by the new prompt and by one more sequence in
 * each step. On an engine with slots the slots that are left are kept for those who have no other
 * choice. A request with time to spare bears the whole harm only while it has that time: what it
 * may inflict grows as its budget is used up, so that it goes in when the others leave room, and in
 * the end in any case. Nobody whose score is above zero: the request waits, by earliest deadline.
 *
 * <p>The weights were chosen by simulation of the shipped fleet under the Azure 2023 conversation
 * trace at one, three, five and seven times its rate; {@code loadtest} repeats that.
 */
final class BidPriceRouting implements RoutingPolicy {

  /**
   * Worth of a second's delay of one stream: a thirtieth of a usual request. A third of it lets
   * prompts crowd out streams under overload, twice as much makes prompts wait that had room.
   */
  private static final double PER_SEQUENCE_SECOND = 0.03;

  /**
   * Worth of all slots of a slot engine, of which a request takes its share and bears that of all
   * who are there before it. At half of it those who could be served elsewhere fill the slots.
   */
  private static final double PER_FULL_SLOTS = 0.2;

  /** Share of its budget that a request must have to spare to bear the whole harm. */
  private static final double SPARE = 0.25;

  /** Worth of a US dollar. Higher keeps requests off dear hardware that has room for them. */
  private static final double PER_USD = 1;

  /** Worth of a joule: decides among those that are alike in all else. */
  private static final double PER_JOULE = 1e-7;

  /** Share of a request's value that an answer at once is worth more than one that never ends. */
  private static final double SOONER = 0.2;

  private static final double HALF_LATE_NANOS = 10e9;

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = NOBODY;
    double most = 0;
    for (int place = 0; place < candidates.size(); place++) {
      double score = score(candidates, place);
      if (score > most) {
        best = place;
        most = score;
      }
    }
    return best;
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public double score(Candidates candidates, int place) {
    AdmittedRequest request = candidates.request();
    return request.serviceClass().value()
            * (candidates.probability(place) - SOONER * late(candidates, place))
        - candidates.state(place).price() * candidates.engineNanos(place) / 1e9
        - harm(candidates, place)
        - PER_USD * candidates.costUsd(place)
        - PER_JOULE * candidates.energyJoules(place);
  }

  /** How late the answer comes, from 0 at once to 1 never; a half at {@link #HALF_LATE_NANOS}. */
  private static double late(Candidates candidates, int place) {
    double nanos = candidates.firstTokenNanos(place) + candidates.totalNanos(place);
    return nanos / (nanos + HALF_LATE_NANOS);
  }

  private static double harm(Candidates candidates, int place) {
    DeploymentState state = candidates.state(place);
    return switch (state.deployment().figures()) {
      case Figures.Batch batch ->
          PER_SEQUENCE_SECOND
              * patience(candidates, place)
              * state.load().decoding()
              * delayNanos(batch, candidates, place)
              / 1e9;
      case Figures.Slots slots -> PER_FULL_SLOTS * (state.sequences() + 1.0) / slots.slots();
    };
  }

  /** By how much the new request delays each stream that is under way. */
  private static double delayNanos(Figures.Batch batch, Candidates candidates, int place) {
    return batch.perPromptTokenNanos() * candidates.uncachedTokens(place)
        + batch.perSequenceNanos() * candidates.request().output().mean();
  }

  /**
   * Share of the harm that a request bears: all of it while at least half of its budget is to
   * spare, none when nothing is.
   */
  private static double patience(Candidates candidates, int place) {
    AdmittedRequest request = candidates.request();
    Budget budget = request.budget();
    double passedNanos = candidates.nowNanos() - (double) request.request().timing().arrivalNanos();
    double patience = 1;
    if (budget.firstTokenNanos() > 0) {
      double spareNanos =
          budget.firstTokenNanos() - passedNanos - candidates.firstTokenNanos(place);
      patience = spareNanos / (SPARE * budget.firstTokenNanos());
    }
    if (budget.totalNanos() > 0) {
      double spareNanos = budget.totalNanos() - passedNanos - candidates.totalNanos(place);
      patience = Math.min(patience, spareNanos / (SPARE * budget.totalNanos()));
    }
    return Math.max(0, Math.min(1, patience));
  }
}
