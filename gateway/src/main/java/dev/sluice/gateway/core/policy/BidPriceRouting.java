package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Paces;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.random.RandomGenerator;

/**
 * Bid-price routing: what the request is worth, times the odds that it is met, less what its place
 * is worth to others and what could be saved elsewhere (science §1.9).
 *
 * <pre>
 * score = value · P(ok) − price · engine-seconds − (1 + care · yielding) · harm − thrift · (1 − least cost ÷ cost) − μE · energy
 * </pre>
 *
 * <p>The price follows the load over seconds; the harm is what happens at once. On an engine that
 * works in batches every stream under way is held up by the new prompt and by one more sequence in
 * each step; that does harm as far as their budgets leave them no room for it, and none to streams
 * that are far ahead of what they need. On an engine with slots the slots that are left are kept
 * for those who have no other choice, the more so the more they were asked for of late. For
 * somebody with minutes to spare the harm counts several times: he could come later; so it does,
 * where there is too little for all, for a class that is shed first. Nobody whose score is above
 * zero: the request waits, by earliest deadline. One whose time runs out is let in no sooner: on an
 * overloaded fleet of GPUs that cost a fifth of all streams their budgets.
 *
 * <p>Cost counts as the share of it that the cheapest likely candidate would save, so that it means
 * the same on a fleet of any price level, and never more than {@link #THRIFT}: while there is
 * plenty of capacity, price and harm are near zero and it decides; when capacity is short they
 * outweigh it.
 *
 * <p>One request in a hundred tries whom we have learned least of; see {@link Exploration}.
 *
 * <p>The weights were chosen by simulation on the traces of conversation, code, long contexts and
 * reasoning that {@code loadtest/RESULTS.md} names, at loads from an idle fleet to a flooded one,
 * and on the scenario {@code cost}; no single one is best on all of them.
 */
final class BidPriceRouting implements RoutingPolicy {

  /**
   * Worth of a second's delay of one stream that has no room left: a tenth of a usual request. Less
   * lets prompts crowd out streams under overload, more makes prompts wait that had room.
   */
  private static final double PER_SEQUENCE_SECOND = 0.1;

  /**
   * Share of the pace that its streams can do with up to which delaying them does no harm. At 0 a
   * fleet with room is spread over its dearest hardware: at 0.3 for all, scenario {@code cost} is
   * 25 % cheaper than the best rule that does not know of costs, at 0.5 it is 31 %.
   */
  private static final double COMFORT = 0.5;

  /**
   * The same for somebody who could as well come later, who must not come so near to the limits of
   * those who cannot. At 0.5 a backlog of batch jobs costs interactive requests two points of
   * attainment for two minutes (scenario {@code surge}), at 0.3 nothing; below 0.2 batch jobs go to
   * dear hardware.
   */
  private static final double YIELDING_COMFORT = 0.27;

  /**
   * Worth of all slots of a slot engine to a request of usual length, which takes its share and
   * bears that of all who are there before it. At nothing those who could be served elsewhere fill
   * the slots; at twice as much they wait though there is room.
   */
  private static final double PER_FULL_SLOTS = 0.17;

  /** Part of the slots' worth that counts though nobody asked for them of late. */
  private static final double LEAST_SCARCE = 0.1;

  /**
   * Utilisation of late at which the slots count in full. Counting them in full at once refused
   * long prompts that an idle wafer had served in time: on the long contexts of Mooncake up to a
   * point of attainment, elsewhere nothing.
   */
  private static final double SCARCE = 0.45;

  /**
   * Worth of having a usual request served for nothing rather than at any cost. Four times as much
   * costs budgets, as the cheapest is taken though its odds are worse.
   */
  private static final double THRIFT = 0.07;

  /**
   * By how much more the harm counts for somebody who has any time to spare, such as a batch job.
   * At nothing a backlog of those, once there is one, costs interactive requests 3.4 points of
   * attainment until it is gone (scenario {@code surge}), at 3 nothing; from 4 on half a point of
   * all requests is lost on Azure conversation at 5×.
   */
  private static final double CARE = 3.5;

  /**
   * Time to spare of somebody who could as well come later: minutes, where callers wait seconds.
   */
  private static final double LEISURE_NANOS = 60e9;

  /** Odds, as a share of the best, from which on a candidate's cost is one that could be had. */
  private static final double LIKELY = 0.5;

  /** Worth of a joule: decides among those that are alike in all else. */
  private static final double PER_JOULE = 1e-7;

  /** Share of a request's value that an answer at once is worth more than one that never ends. */
  private static final double SOONER = 0.01;

  private static final double HALF_LATE_NANOS = 10e9;

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    double leastUsd = leastUsd(candidates);
    int best = NOBODY;
    double most = 0;
    for (int place = 0; place < candidates.size(); place++) {
      double score = score(candidates, place, leastUsd);
      if (score > most) {
        best = place;
        most = score;
      }
    }
    return best == NOBODY ? NOBODY : Exploration.instead(candidates, best, random);
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public double score(Candidates candidates, int place) {
    return score(candidates, place, leastUsd(candidates));
  }

  private static double score(Candidates candidates, int place, double leastUsd) {
    double yielding = yielding(candidates, place);
    return candidates.request().serviceClass().value()
            * (candidates.probability(place) - SOONER * late(candidates, place))
        - candidates.state(place).price() * candidates.engineNanos(place) / 1e9
        - (1 + CARE * yielding) * harm(candidates, place, yielding)
        - THRIFT * saving(candidates.costUsd(place), leastUsd)
        - PER_JOULE * candidates.energyJoules(place);
  }

  /** The least cost among those whose odds are not much worse than the best. */
  private static double leastUsd(Candidates candidates) {
    double best = 0;
    for (int place = 0; place < candidates.size(); place++) {
      best = Math.max(best, candidates.probability(place));
    }
    double leastUsd = Double.POSITIVE_INFINITY;
    for (int place = 0; place < candidates.size(); place++) {
      if (candidates.probability(place) >= LIKELY * best) {
        leastUsd = Math.min(leastUsd, candidates.costUsd(place));
      }
    }
    return leastUsd;
  }

  /** Share of {@code costUsd} that {@code leastUsd} saves, 0 … 1. */
  private static double saving(double costUsd, double leastUsd) {
    return costUsd > leastUsd ? 1 - leastUsd / costUsd : 0;
  }

  /** How late the answer comes, from 0 at once to 1 never; a half at {@link #HALF_LATE_NANOS}. */
  private static double late(Candidates candidates, int place) {
    double nanos = candidates.firstTokenNanos(place) + candidates.totalNanos(place);
    return nanos / (nanos + HALF_LATE_NANOS);
  }

  /**
   * How far a request should give way to others, from 0 not at all to 1: by its {@link #leisure},
   * and where there is too little for all, by its class. Counting the class at all times costs six
   * points of all requests on Azure conversation at 5×; not counting it costs 30 points of the
   * interactive ones amid fifteen times as many relaxed and batch requests (scenario {@code
   * critical}).
   */
  private static double yielding(Candidates candidates, int place) {
    boolean shedFirst =
        candidates.areContended() && candidates.request().serviceClass().criticality().givesWay();
    return shedFirst ? 1 : leisure(candidates, place);
  }

  /**
   * How much time a request has to spare, from 0 none to 1 any; a half at {@link #LEISURE_NANOS}.
   */
  private static double leisure(Candidates candidates, int place) {
    AdmittedRequest request = candidates.request();
    Budget budget = request.budget();
    double passedNanos = candidates.nowNanos() - (double) request.request().timing().arrivalNanos();
    double spareNanos = request.deadlineNanos() - (double) candidates.nowNanos();
    if (budget.firstTokenNanos() > 0) {
      spareNanos = budget.firstTokenNanos() - passedNanos - candidates.firstTokenNanos(place);
    }
    if (budget.totalNanos() > 0) {
      spareNanos =
          Math.min(spareNanos, budget.totalNanos() - passedNanos - candidates.totalNanos(place));
    }
    return spareNanos > 0 ? spareNanos / (spareNanos + LEISURE_NANOS) : 0;
  }

  private static double harm(Candidates candidates, int place, double yielding) {
    DeploymentState state = candidates.state(place);
    return switch (state.deployment().figures()) {
      case Figures.Batch batch -> {
        double strained = strained(candidates, place, yielding);
        yield strained == 0
            ? 0
            : PER_SEQUENCE_SECOND * strained * delayNanos(batch, candidates, place) / 1e9;
      }
      case Figures.Slots slots ->
          PER_FULL_SLOTS
              * scarcity(state, candidates.nowNanos())
              * ((state.sequences() + 1.0) / slots.slots())
              * length(slots, candidates, place);
    };
  }

  /**
   * How many streams under way have no room left, each counted from 0 as long as it needs but a
   * comfortable share of the pace it has to 1 when it needs all of it.
   */
  private static double strained(Candidates candidates, int place, double yielding) {
    double comfort = COMFORT + (YIELDING_COMFORT - COMFORT) * yielding;
    double perTokenSeconds = candidates.perTokenNanos(place) / 1e9;
    Paces paces = candidates.state(place).load().paces();
    double strained = 0;
    for (int i = paces.size() - 1; i >= 0; i--) {
      double over = perTokenSeconds * paces.pace(i) - comfort;
      if (over <= 0) {
        return strained;
      }
      strained += paces.requests(i) * Math.min(1, over / (1 - comfort));
    }
    return strained;
  }

  /** By how much the new request delays each stream that is under way. */
  private static double delayNanos(Figures.Batch batch, Candidates candidates, int place) {
    return batch.perPromptTokenNanos() * candidates.uncachedTokens(place)
        + batch.perSequenceNanos() * candidates.request().output().mean();
  }

  /** How much the slots are asked for, from {@link #LEAST_SCARCE} to 1. */
  private static double scarcity(DeploymentState state, long nowNanos) {
    double asked = state.load().utilisation(nowNanos) / SCARCE;
    return Math.min(1, LEAST_SCARCE + (1 - LEAST_SCARCE) * asked);
  }

  /**
   * How long the request would hold a slot, a usual one being 1, under a root: in full, long
   * prompts of conversations wait though there is room; without, short ones crowd each other out.
   */
  private static double length(Figures.Slots slots, Candidates candidates, int place) {
    return Math.sqrt(candidates.engineNanos(place) / 1e9 * slots.capacityPerSecond());
  }
}
