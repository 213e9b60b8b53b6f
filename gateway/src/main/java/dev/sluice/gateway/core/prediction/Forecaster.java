package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.LengthKey;
import dev.sluice.gateway.core.request.OutputLength;

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

  /** Part of the total below which the first token's spread plays no role. */
  private static final double SMALL_SHARE = 0.05;

  /** An answer of one token has no gaps; a tiny one takes no time and has a logarithm. */
  private static final double LEAST_GAPS = 1e-9;

  private final AdmittedRequest request;
  private final Situation situation;
  private final Components parts = new Components();
  private final Distribution firstToken = new Distribution();
  private final Distribution perToken = new Distribution();
  private double[] lnGaps = {};

  /** A forecaster for {@code request} as of {@code nowNanos}. */
  public Forecaster(AdmittedRequest request, long nowNanos) {
    this.request = request;
    this.situation = new Situation(nowNanos);
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
    firstToken.set(parts.firstToken, calibration.firstToken(parts.queued), situation.nowNanos);
    situation.firstTokenNanos = firstToken.medianNanos();
    Physics.perToken(parts.perToken, request, figures, situation);
    perToken.set(parts.perToken, calibration.perToken(parts.queued), situation.nowNanos);
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

  /**
   * Probability that every part of the budget is met. What has passed since the request's arrival
   * counts.
   */
  public double probability() {
    return probability(request.budget());
  }

  /**
   * The same for another budget.
   *
   * <p>The times to the first token and per token after it are taken as independent around their
   * forecasts: their residuals' correlation was 0 … 0.3 on batch engines in all traces. The total
   * is made of the same two, so its odds and theirs are not multiplied but counted together.
   */
  public double probability(Budget budget) {
    double passedNanos = situation.nowNanos - (double) request.request().timing().arrivalNanos();
    double first =
        budget.firstTokenNanos() == 0
            ? 1
            : firstToken.within(budget.firstTokenNanos() - passedNanos);
    double token = budget.perTokenNanos() == 0 ? 1 : perToken.within(budget.perTokenNanos());
    return budget.totalNanos() == 0 || first == 0
        ? first * token
        : first * restWithin(budget.totalNanos() - passedNanos, budget.perTokenNanos(), first);
  }

  /**
   * Probability that the tokens after the first keep {@code perTokenNanos} and what the first
   * leaves of {@code totalNanos}, given that the first is among its quickest {@code share}.
   */
  private double restWithin(double totalNanos, long perTokenNanos, double share) {
    if (firstToken.medianNanos() < SMALL_SHARE * totalNanos) {
      return restWithin(totalNanos - firstToken.medianNanos(), perTokenNanos);
    }
    double sum = 0;
    for (int i = 0; i < FIRST_TOKEN_POINTS; i++) {
      double probability = share * (i + 0.5) / FIRST_TOKEN_POINTS;
      sum += restWithin(totalNanos - firstToken.quantileNanos(probability), perTokenNanos);
    }
    return sum / FIRST_TOKEN_POINTS;
  }

  /** The same with {@code leftNanos} after the first token, over the equally likely lengths. */
  private double restWithin(double leftNanos, long perTokenNanos) {
    if (leftNanos <= 0) {
      return 0;
    }
    double lnLeft = Logarithm.of(leftNanos);
    double lnPerToken = perTokenNanos == 0 ? Double.POSITIVE_INFINITY : Logarithm.of(perTokenNanos);
    double unbound = perToken.belowLn(lnPerToken);
    double[] lnGaps = lnGaps();
    double sum = 0;
    for (double lnGap : lnGaps) {
      double lnBound = lnLeft - lnGap;
      sum += lnBound >= lnPerToken ? unbound : perToken.belowLn(lnBound);
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

  /** The newest forecast as a value. */
  public Forecast forecast() {
    return new Forecast(firstTokenNanos(), perTokenNanos(), totalNanos(), probability());
  }

  /** A budget that the newest forecast meets in nine of ten cases for each part. */
  public Budget safeBudget() {
    double first = firstToken.quantileNanos(0.9);
    double token = perToken.quantileNanos(0.9);
    double total = totalNanos() * Math.max(first / firstTokenNanos(), token / perTokenNanos());
    return new Budget((long) first, (long) token, (long) total);
  }

  /** The newest forecast with what a learner needs to learn from its outcome. */
  public Prediction prediction(DeploymentState state) {
    return new Prediction(
        state.deployment().index(),
        parts.queued,
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
