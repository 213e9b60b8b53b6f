package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.Budget;
import java.util.random.RandomGenerator;

/** The headrooms of all candidates for one decision, for {@link Headroom} to draw from. */
final class Headrooms {

  /** Weight of the first token's headroom in the blend, llm-d's default; the rest is per token. */
  private static final double FIRST_TOKEN_WEIGHT = 0.8;

  /** Weights are 1 … 101, as llm-d has them, so that the last still has a chance. */
  private static final int WEIGHTS = 100;

  /** Who is drawn from together; the lower ones from the least to the most severe. */
  enum Tier {
    POSITIVE,
    IDLE,
    PER_TOKEN_NEGATIVE,
    FIRST_TOKEN_NEGATIVE,
    BOTH_NEGATIVE
  }

  private final double[] firstToken;
  private final double[] perToken;
  private final Tier[] tiers;

  Headrooms(Candidates candidates) {
    int size = candidates.size();
    firstToken = new double[size];
    perToken = new double[size];
    tiers = new Tier[size];
    for (int place = 0; place < size; place++) {
      firstToken[place] = firstTokenHeadroom(candidates, place);
      perToken[place] = perTokenHeadroom(candidates, place);
      tiers[place] = tier(place, candidates.state(place).load().inFlight() == 0);
    }
  }

  private static double firstTokenHeadroom(Candidates candidates, int place) {
    Budget budget = candidates.request().budget();
    if (budget.firstTokenNanos() == 0 && !budget.equals(Budget.NONE)) {
      return 0;
    }
    return budget.firstTokenNanos() - passedNanos(candidates) - candidates.firstTokenNanos(place);
  }

  private static double perTokenHeadroom(Candidates candidates, int place) {
    Budget budget = candidates.request().budget();
    if (budget.perTokenNanos() == 0 && budget.totalNanos() == 0 && budget.firstTokenNanos() > 0) {
      return 0;
    }
    double most = budget.perTokenNanos();
    if (budget.totalNanos() > 0) {
      double left =
          budget.totalNanos() - passedNanos(candidates) - candidates.firstTokenNanos(place);
      double each = left / Math.max(1, candidates.request().output().mean() - 1);
      most = most == 0 ? each : Math.min(most, each);
    }
    double tightest = candidates.state(place).load().paces().greatest();
    return (tightest > 0 ? Math.min(most, 1e9 / tightest) : most) - candidates.perTokenNanos(place);
  }

  private static double passedNanos(Candidates candidates) {
    long arrivalNanos = candidates.request().request().timing().arrivalNanos();
    return candidates.nowNanos() - arrivalNanos;
  }

  private Tier tier(int place, boolean idle) {
    if (firstToken[place] >= 0 && perToken[place] >= 0) {
      return Tier.POSITIVE;
    }
    if (idle) {
      return Tier.IDLE;
    }
    if (firstToken[place] >= 0) {
      return Tier.PER_TOKEN_NEGATIVE;
    }
    return perToken[place] >= 0 ? Tier.FIRST_TOKEN_NEGATIVE : Tier.BOTH_NEGATIVE;
  }

  int count(Tier tier) {
    int count = 0;
    for (Tier each : tiers) {
      count += each == tier ? 1 : 0;
    }
    return count;
  }

  Tier leastSevere() {
    Tier least = Tier.BOTH_NEGATIVE;
    for (Tier each : tiers) {
      if (each != Tier.POSITIVE && each.compareTo(least) < 0) {
        least = each;
      }
    }
    return least;
  }

  /** A place of {@code tier} by weight. */
  int draw(Tier tier, boolean preferMost, RandomGenerator random) {
    Scale first = new Scale(firstToken, tiers, tier);
    Scale per = new Scale(perToken, tiers, tier);
    double firstWeight = first.isFlat() ? 0 : per.isFlat() ? 1 : FIRST_TOKEN_WEIGHT;
    long[] weights = new long[tiers.length];
    long all = 0;
    for (int place = 0; place < tiers.length; place++) {
      if (tiers[place] == tier) {
        double blend =
            firstWeight * first.of(firstToken[place]) + (1 - firstWeight) * per.of(perToken[place]);
        weights[place] = 1 + (long) ((preferMost ? blend : 1 - blend) * WEIGHTS);
        all += weights[place];
      }
    }
    long left = random.nextLong(all);
    int place = 0;
    while (left >= weights[place]) {
      left -= weights[place++];
    }
    return place;
  }

  /** Scales the sizes of one tier's headrooms to 0 … 1. */
  private static final class Scale {

    private double least = Double.POSITIVE_INFINITY;
    private double greatest = Double.NEGATIVE_INFINITY;

    Scale(double[] headrooms, Tier[] tiers, Tier tier) {
      for (int place = 0; place < headrooms.length; place++) {
        if (tiers[place] == tier) {
          least = Math.min(least, Math.abs(headrooms[place]));
          greatest = Math.max(greatest, Math.abs(headrooms[place]));
        }
      }
    }

    boolean isFlat() {
      return !(greatest > least);
    }

    double of(double headroom) {
      return isFlat() ? 0.5 : (Math.abs(headroom) - least) / (greatest - least);
    }
  }
}
