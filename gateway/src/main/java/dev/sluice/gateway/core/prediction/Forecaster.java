package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.LengthKey;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Task;

/**
 * Forecasts one request on one deployment after the other: physics, corrected and spread as the
 * deployment's calibration says. Holds the newest forecast until the next; one for each decision.
 */
public final class Forecaster {

  /**
   * Points at which the time to the first token is looked at for the total: the median and the
   * middles of the outer thirds. Chosen without measurement.
   */
  private static final int FIRST_TOKEN_POINTS = 3;

  /** Part of the total below which the first token's spread is lost in that of the rest. */
  private static final double SMALL_SHARE = 0.2;

  /** An answer of one token has no gaps; a tiny one takes no time and has a logarithm. */
  private static final double LEAST_GAPS = 1e-9;

  private final AdmittedRequest request;
  private final Situation situation;
  private final double passedNanos;
  private final double lnFirstToken;
  private final double lnPerToken;
  private final double totalNanos;
  private final Components parts = new Components();
  private final Distribution firstToken = new Distribution();
  private final Distribution perToken = new Distribution();
  private double[] lnGaps = {};

  /** A forecaster for {@code request} as of {@code nowNanos}. */
  public Forecaster(AdmittedRequest request, long nowNanos) {
    this.request = request;
    this.situation = new Situation(nowNanos);
    Budget budget = request.budget();
    passedNanos = nowNanos - (double) request.request().timing().arrivalNanos();
    lnFirstToken = lnLeft(budget.firstTokenNanos(), passedNanos);
    lnPerToken = lnLeft(budget.perTokenNanos(), 0);
    totalNanos = left(budget.totalNanos(), passedNanos);
  }

  /** Forecasts the request on {@code state}, where {@code cachedTokens} of its prompt are held. */
  public void on(DeploymentState state, int cachedTokens) {
    situation.asItStands(state, cachedTokens);
    forecast(state);
  }

  /** Forecasts the request on {@code state} as if nothing were under way there. */
  public void onIdle(DeploymentState state) {
    situation.asIfIdle(state);
    forecast(state);
  }

  private void forecast(DeploymentState state) {
    Figures figures = state.deployment().figures();
    Calibration calibration = situation.calibration;
    Physics.firstToken(parts, request, figures, situation);
    Track first = calibration.firstToken(parts.queued);
    firstToken.set(Components.firstToken(parts.firstToken, first), first, situation.nowNanos);
    situation.firstTokenNanos = firstToken.medianNanos();
    Physics.perToken(parts, request, figures, situation);
    Track token = calibration.perToken(parts.queued, parts.saturated);
    perToken.set(Components.perToken(parts.perToken, token), token, situation.nowNanos);
  }

  /** Median time to the first token, from being sent. */
  public double firstTokenNanos() {
    return firstToken.medianNanos();
  }

  /** Median time per token after it. */
  public double perTokenNanos() {
    return perToken.medianNanos();
  }

  /** Time to the last token, for the mean length. */
  public double totalNanos() {
    return firstToken.medianNanos() + (request.output().mean() - 1) * perToken.medianNanos();
  }

  /** Probability that the first token comes within {@code nanos} of being sent. */
  public double firstTokenWithin(double nanos) {
    return firstToken.within(nanos);
  }

  /** What the time to the first token stays below with {@code probability}. */
  public double firstTokenNanos(double probability) {
    return firstToken.quantileNanos(probability);
  }

  /** Probability that the mean time per token after the first is at most {@code nanos}. */
  public double perTokenWithin(double nanos) {
    return perToken.within(nanos);
  }

  /** What the mean time per token after the first stays below with {@code probability}. */
  public double perTokenNanos(double probability) {
    return perToken.quantileNanos(probability);
  }

  /** Largest ratio of a median to its part of the request's budget; 0 when there is no budget. */
  public double excess() {
    Budget budget = request.budget();
    return Math.max(
        ratio(firstTokenNanos(), budget.firstTokenNanos()),
        Math.max(
            ratio(perTokenNanos(), budget.perTokenNanos()),
            ratio(totalNanos(), budget.totalNanos())));
  }

  private static double ratio(double nanos, long budgetNanos) {
    return budgetNanos == 0 ? 0 : nanos / budgetNanos;
  }

  /**
   * Probability that every part of the budget is met. What has passed since the request's arrival
   * counts.
   */
  public double probability() {
    return probability(lnFirstToken, lnPerToken, totalNanos);
  }

  /** The same for another budget. */
  public double probability(Budget budget) {
    return probability(
        lnLeft(budget.firstTokenNanos(), passedNanos),
        lnLeft(budget.perTokenNanos(), 0),
        left(budget.totalNanos(), passedNanos));
  }

  /** What is left of a part of a budget; infinite where nothing is said. */
  private static double left(long budgetNanos, double passedNanos) {
    return budgetNanos == 0 ? Double.POSITIVE_INFINITY : budgetNanos - passedNanos;
  }

  private static double lnLeft(long budgetNanos, double passedNanos) {
    double left = left(budgetNanos, passedNanos);
    if (left <= 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return left == Double.POSITIVE_INFINITY ? left : Logarithm.of(left);
  }

  /**
   * Probability that all bounds are kept.
   *
   * <p>The times to the first token and per token after it are taken as independent around their
   * forecasts: their residuals' correlation was 0 … 0.3 on batch engines in all traces. The total
   * is made of the same two, so its odds and theirs are not multiplied but counted together.
   */
  private double probability(double lnFirstBound, double lnTokenBound, double totalBound) {
    double first = firstToken.belowLn(lnFirstBound);
    return totalBound == Double.POSITIVE_INFINITY || first == 0
        ? first * perToken.belowLn(lnTokenBound)
        : first * restWithin(totalBound, lnTokenBound, first);
  }

  /**
   * Probability that the tokens after the first keep their bound and what the first leaves of
   * {@code totalBound}, given that the first is among its quickest {@code share}.
   */
  private double restWithin(double totalBound, double lnTokenBound, double share) {
    if (firstToken.medianNanos() < SMALL_SHARE * totalBound) {
      return restWithin(totalBound - firstToken.medianNanos(), lnTokenBound);
    }
    double sum = 0;
    for (int i = 0; i < FIRST_TOKEN_POINTS; i++) {
      double probability = share * (i + 0.5) / FIRST_TOKEN_POINTS;
      sum += restWithin(totalBound - firstToken.quantileNanos(probability), lnTokenBound);
    }
    return sum / FIRST_TOKEN_POINTS;
  }

  /** The same with {@code leftNanos} after the first token, over the equally likely lengths. */
  private double restWithin(double leftNanos, double lnTokenBound) {
    if (leftNanos <= 0) {
      return 0;
    }
    double lnLeft = Logarithm.of(leftNanos);
    double unbound = perToken.belowLn(lnTokenBound);
    double[] lnGaps = lnGaps();
    double sum = 0;
    for (double lnGap : lnGaps) {
      double lnBound = lnLeft - lnGap;
      sum += lnBound >= lnTokenBound ? unbound : perToken.belowLn(lnBound);
    }
    return sum / lnGaps.length;
  }

  /** Logarithms of the tokens after the first, for each equally likely length. */
  private double[] lnGaps() {
    if (lnGaps.length == 0) {
      OutputLength output = request.output();
      lnGaps = new double[output.points()];
      for (int i = 0; i < lnGaps.length; i++) {
        lnGaps[i] = Logarithm.of(Math.max(output.point(i) - 1, LEAST_GAPS));
      }
    }
    return lnGaps;
  }

  /** The newest forecast as a value; for the one deployment that is asked, as it costs more. */
  public Forecast forecast() {
    return new Forecast(
        firstTokenNanos(),
        perTokenNanos(),
        totalNanos(),
        probability(),
        firstToken.upperNanos(),
        perToken.upperNanos());
  }

  /** A budget that the newest forecast meets in nine of ten cases for each part. */
  public Budget safeBudget() {
    double first = firstToken.upperNanos();
    if (request.task() == Task.EMBED) {
      return new Budget(0, 0, (long) first);
    }
    double token = perToken.upperNanos();
    double total = totalNanos() * Math.max(first / firstTokenNanos(), token / perTokenNanos());
    return new Budget((long) first, (long) token, (long) total);
  }

  /** The newest forecast with what a learner needs to learn from its outcome. */
  public Prediction prediction(DeploymentState state) {
    return new Prediction(
        state.deployment().index(),
        parts.queued,
        parts.saturated,
        firstToken.expected(parts.firstToken, firstTokenWeight()),
        perToken.expected(parts.perToken, 1 / (1.0 + situation.load.inFlight())),
        forecast(),
        LengthKey.of(
            request.request().constraints().tenant(),
            request.model().name(),
            request.maxOutputTokens()));
  }

  /**
   * What the time to the first token teaches: a prompt that takes longer than expected delays those
   * behind it, in part. The root was the best of the exponents 0, ½ and 1 on the conversation trace
   * at three loads; for the time per token, where all under way share each step, 1 was.
   */
  private double firstTokenWeight() {
    return 1 / StrictMath.sqrt(1.0 + situation.load.prefilling());
  }
}
