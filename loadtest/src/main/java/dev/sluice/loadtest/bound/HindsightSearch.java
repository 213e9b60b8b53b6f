package dev.sluice.loadtest.bound;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Looks for an assignment that attains much, with all arrivals and lengths known: a local search
 * over an {@link Evaluator}.
 *
 * @implNote Begins with the best of the given assignments. First it refuses all that miss, since
 *     they stand in the way, and goes on in {@link Wave}s, which try very many moves at once as
 *     long as that pays. Then it tries one move at a time. Most of them take a request that misses
 *     its budget and could meet it somewhere: it goes to another deployment, alone or at the
 *     expense of one that competes with it there in time, which is refused, goes elsewhere or
 *     changes places with it. A move stays if it attains more, or as much with no more requests
 *     served in vain. Equal seeds find equal assignments.
 */
final class HindsightSearch {

  /** One move in so many does not begin with a missed request. Chosen without measurement. */
  private static final int OTHER_MOVES = 8;

  /** Share of the missed requests that the first wave tries to serve. */
  private static final double FIRST_SHARE = 0.25;

  /** Each clearing leaves few that miss because others do no more. Chosen without measurement. */
  private static final int MOST_CLEARINGS = 4;

  private static final double MOST_SHARE = 0.5;
  private static final double GROWTH = 1.2;

  private final BoundProblem problem;
  private final Hindsight hindsight;
  private final Places places;
  private final SplittableRandom random;
  private final double enough;
  private final ProgressListener progress;
  private Trial best;
  private Trial current;
  private int[] missed = {};
  private int evaluations;

  /** A search that stops early when it attains {@code upperValue}. */
  HindsightSearch(
      BoundProblem problem, Hindsight hindsight, double upperValue, ProgressListener progress) {
    this.problem = problem;
    this.hindsight = hindsight;
    this.enough = upperValue;
    this.progress = progress;
    places = new Places(problem, hindsight.evaluator());
    random = new SplittableRandom(hindsight.seed());
    int[] refusals = new int[problem.size()];
    Arrays.fill(refusals, Places.REFUSED);
    best = evaluate(refusals);
    current = best;
  }

  /** The best that was found with as many evaluations as are granted. */
  LowerBound search() {
    List<int[]> starts = hindsight.starts();
    starts.forEach(start -> take(evaluate(start.clone())));
    refuseMissed();
    waves();
    while (mayGoOn(1)) {
      take(evaluate(propose()));
    }
    return new LowerBound(best.assignment, best.attainment, evaluations);
  }

  private boolean mayGoOn(int moreEvaluations) {
    return evaluations + moreEvaluations <= hindsight.evaluations()
        && best.attainment.value() < enough;
  }

  private Trial evaluate(int[] assignment) {
    evaluations++;
    return new Trial(assignment, hindsight.evaluator().evaluate(assignment));
  }

  /** Whether {@code trial} is better than the present one, which it replaces if it is no worse. */
  private boolean take(Trial trial) {
    boolean better = trial.attainsMoreThan(current);
    if (trial.isAsGoodAs(current)) {
      go(trial);
    }
    progress.progress(
        (double) evaluations / hindsight.evaluations(), enough, best.attainment.value());
    return better;
  }

  private void go(Trial trial) {
    current = trial;
    if (trial.isAsGoodAs(best)) {
      best = trial;
    }
    missed =
        IntStream.range(0, problem.size())
            .filter(request -> !trial.attainment.met(request) && places.count(request) > 0)
            .toArray();
  }

  /**
   * Refuses all that miss, also where that attains less at first: what is served in vain would keep
   * a deployment overloaded whatever the waves do.
   */
  private void refuseMissed() {
    for (int i = 0; i < MOST_CLEARINGS && current.servedInVain > 0 && mayGoOn(1); i++) {
      go(evaluate(withoutMissed()));
    }
  }

  private int[] withoutMissed() {
    int[] assignment = current.assignment.clone();
    for (int request = 0; request < assignment.length; request++) {
      if (!current.attainment.met(request)) {
        assignment[request] = Places.REFUSED;
      }
    }
    return assignment;
  }

  private void waves() {
    double share = FIRST_SHARE;
    while (mayGoOn(1 + Wave.MOST_REPAIRS) && share * missed.length >= 1) {
      Wave wave = new Wave(problem, places, current, withoutMissed());
      wave.serve(missed, share, random);
      wave.shake(random);
      Trial trial = evaluate(wave.assignment());
      for (int i = 0; i < Wave.MOST_REPAIRS && wave.repair(trial); i++) {
        trial = evaluate(wave.assignment());
      }
      share = take(trial) ? Math.min(MOST_SHARE, share * GROWTH) : share / 2;
    }
  }

  private int[] propose() {
    if (current.servedInVain > 0 && random.nextInt(OTHER_MOVES) == 0) {
      return withoutMissed();
    }
    int[] assignment = current.assignment.clone();
    if (missed.length == 0 || random.nextInt(OTHER_MOVES) == 0) {
      moveElsewhere(random.nextInt(assignment.length), assignment);
    } else {
      serve(missed[random.nextInt(missed.length)], assignment);
    }
    return assignment;
  }

  private void serve(int request, int[] assignment) {
    int before = assignment[request];
    int deployment = places.draw(request, random);
    assignment[request] = deployment;
    int competitor = places.competitor(request, deployment, assignment, random);
    if (competitor < 0) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> assignment[competitor] = Places.REFUSED;
      case 1 -> moveElsewhere(competitor, assignment);
      case 2 -> assignment[competitor] = places.has(competitor, before) ? before : Places.REFUSED;
      default -> {}
    }
  }

  private void moveElsewhere(int request, int[] assignment) {
    assignment[request] =
        places.count(request) == 0 ? Places.REFUSED : places.draw(request, random);
  }
}
