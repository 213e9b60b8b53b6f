package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Report;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.LengthKey;
import dev.sluice.gateway.core.request.OutputLength;

/**
 * Forecasts one request on one deployment after the other: physics, corrected and spread as the
 * deployment's calibration says. Holds the newest forecast until the next; one for each decision.
 */
public final class Forecaster {

  private final AdmittedRequest request;
  private final long nowNanos;
  private final Components parts = new Components();

  private Track firstTokenTrack = Calibration.NONE.idleFirstToken();
  private Track perTokenTrack = Calibration.NONE.perToken();
  private double firstTokenNanos;
  private double perTokenNanos;

  /** A forecaster for {@code request} as of {@code nowNanos}. */
  public Forecaster(AdmittedRequest request, long nowNanos) {
    this.request = request;
    this.nowNanos = nowNanos;
  }

  /** Forecasts the request on {@code state}, where {@code cachedTokens} of its prompt are held. */
  public void on(DeploymentState state, int cachedTokens) {
    on(state, state.load(), state.report(), cachedTokens);
  }

  /** Forecasts the request on {@code state} as if nothing were under way there. */
  public void onIdle(DeploymentState state) {
    on(state, Load.IDLE, Report.NONE, 0);
  }

  private void on(DeploymentState state, Load load, Report report, int cachedTokens) {
    Physics.fill(
        parts,
        request,
        state.deployment().figures(),
        new Physics.Situation(load, report, cachedTokens, nowNanos));
    Calibration calibration = state.calibration();
    firstTokenTrack = parts.queued ? calibration.queuedFirstToken() : calibration.idleFirstToken();
    perTokenTrack = calibration.perToken();
    firstTokenNanos = Components.corrected(parts.firstToken, firstTokenTrack);
    perTokenNanos = Components.corrected(parts.perToken, perTokenTrack);
  }

  /** Median time to the first token, from being sent. */
  public double firstTokenNanos() {
    return firstTokenNanos;
  }

  /** Median time per token after it. */
  public double perTokenNanos() {
    return perTokenNanos;
  }

  /** Time to the last token, for the mean length. */
  public double totalNanos() {
    return firstTokenNanos + (request.output().mean() - 1) * perTokenNanos;
  }

  /**
   * Probability that every part of the budget is met. What has passed since the request's arrival
   * counts.
   */
  public double probability() {
    Budget budget = request.budget();
    double passedNanos = nowNanos - (double) request.request().timing().arrivalNanos();
    double probability = 1;
    if (budget.firstTokenNanos() > 0) {
      probability =
          within(budget.firstTokenNanos() - passedNanos, firstTokenNanos, firstTokenTrack);
    }
    if (budget.totalNanos() > 0) {
      probability = Math.min(probability, totalWithin(budget.totalNanos() - passedNanos));
    }
    if (budget.perTokenNanos() > 0) {
      probability *= within(budget.perTokenNanos(), perTokenNanos, perTokenTrack);
    }
    return probability;
  }

  /** Over the equally likely lengths: that the tokens after the first fit into what it leaves. */
  private double totalWithin(double budgetNanos) {
    OutputLength output = request.output();
    double sum = 0;
    for (int i = 0; i < output.points(); i++) {
      double gaps = output.point(i) - 1;
      sum +=
          gaps < 1
              ? within(budgetNanos, firstTokenNanos, firstTokenTrack)
              : within((budgetNanos - firstTokenNanos) / gaps, perTokenNanos, perTokenTrack);
    }
    return sum / output.points();
  }

  private static double within(double budgetNanos, double medianNanos, Track track) {
    return budgetNanos <= 0 ? 0 : track.atMost(Math.log(budgetNanos / Math.max(medianNanos, 1)));
  }

  /** The newest forecast as a value. */
  public Forecast forecast() {
    return new Forecast(firstTokenNanos, perTokenNanos, totalNanos(), probability());
  }

  /** A budget that the newest forecast meets in nine of ten cases for each part. */
  public Budget safeBudget() {
    double firstToken = StrictMath.exp(firstTokenTrack.quantile(0.9));
    double perToken = StrictMath.exp(perTokenTrack.quantile(0.9));
    return new Budget(
        (long) (firstTokenNanos * firstToken),
        (long) (perTokenNanos * perToken),
        (long) (totalNanos() * Math.max(firstToken, perToken)));
  }

  /** The newest forecast with what a learner needs to learn from its outcome. */
  public Prediction prediction(DeploymentState state) {
    return new Prediction(
        state.deployment().index(),
        parts.queued,
        parts.firstToken.clone(),
        parts.perToken.clone(),
        forecast(),
        LengthKey.of(
            request.request().constraints().tenant(),
            request.model().name(),
            request.maxOutputTokens()));
  }
}
