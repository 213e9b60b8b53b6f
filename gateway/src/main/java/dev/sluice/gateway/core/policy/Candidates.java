package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.prediction.Forecaster;
import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deployments that could serve one request, with what is known about that, in columns.
 * Forecasts are made when a rule first asks for one, so that a rule that needs none does not pay.
 * Made for one decision and one thread.
 */
public final class Candidates {

  private final AdmittedRequest request;
  private final DeploymentState[] states;
  private final int size;
  private final long nowNanos;
  private final boolean contended;
  private final Forecaster forecaster;
  private final int promptTokens;
  private final int outputTokens;

  private int[] cachedTokens = {};
  private double[] firstTokenNanos = {};
  private double[] perTokenNanos = {};
  private double[] probability = {};
  private @Nullable Figures pricedFigures;
  private @Nullable Economics pricedEconomics;
  private double costUsd;
  private @Nullable Figures timedFigures;
  private int timedTokens;
  private double engineNanos;

  /**
   * The first {@code size} of {@code states} for {@code request}; the array is not copied.
   *
   * @param contended whether there is too little for all who ask for the model
   */
  public Candidates(
      AdmittedRequest request,
      DeploymentState[] states,
      int size,
      long nowNanos,
      boolean contended) {
    this.request = request;
    this.states = states;
    this.size = size;
    this.nowNanos = nowNanos;
    this.contended = contended;
    this.forecaster = new Forecaster(request, nowNanos);
    promptTokens = request.promptTokens();
    outputTokens = request.expectedOutputTokens();
  }

  /** Candidates {@code states} for {@code request} as of {@code nowNanos}, enough for all. */
  public Candidates(AdmittedRequest request, List<DeploymentState> states, long nowNanos) {
    this(request, states.toArray(DeploymentState[]::new), states.size(), nowNanos, false);
  }

  /** The request. */
  public AdmittedRequest request() {
    return request;
  }

  /** The instant of the decision. */
  public long nowNanos() {
    return nowNanos;
  }

  /** Whether there is too little for all who ask for the model. */
  public boolean areContended() {
    return contended;
  }

  /** Number of candidates, at least 1. */
  public int size() {
    return size;
  }

  /** The candidate at {@code place}, 0 … {@link #size} − 1, as it stands. */
  public DeploymentState state(int place) {
    return states[place];
  }

  /** The deployment at {@code place}. */
  public Deployment deployment(int place) {
    return states[place].deployment();
  }

  /** Prompt tokens that the candidate probably holds from earlier prompts. */
  public int cachedTokens(int place) {
    if (request.request().size().prefix().blocks() == 0) {
      return 0;
    }
    if (cachedTokens.length == 0) {
      cachedTokens = new int[size];
      for (int i = 0; i < size; i++) {
        cachedTokens[i] = states[i].cachedTokens(request.request().size());
      }
    }
    return cachedTokens[place];
  }

  /** Prompt tokens that the candidate would have to process, at least 1. */
  public int uncachedTokens(int place) {
    return promptTokens - cachedTokens(place);
  }

  /**
   * Engine time that the request would take up there. Those that are alike share figures and
   * prices, so what was just computed mostly holds for the next.
   */
  @SuppressWarnings("ReferenceEquality") // equal but not the same is computed anew, to the same
  public double engineNanos(int place) {
    Figures figures = states[place].deployment().figures();
    int tokens = uncachedTokens(place);
    if (figures != timedFigures || tokens != timedTokens) {
      timedFigures = figures;
      timedTokens = tokens;
      engineNanos = figures.engineNanos(tokens, outputTokens);
    }
    return engineNanos;
  }

  /** Estimated cost in US dollars; see {@link #engineNanos}. */
  @SuppressWarnings("ReferenceEquality")
  public double costUsd(int place) {
    Deployment deployment = states[place].deployment();
    if (deployment.figures() != pricedFigures || deployment.economics() != pricedEconomics) {
      pricedFigures = deployment.figures();
      pricedEconomics = deployment.economics();
      costUsd = deployment.costUsd(promptTokens, outputTokens);
    }
    return costUsd;
  }

  /** Estimated energy in joules. */
  public double energyJoules(int place) {
    return deployment(place)
        .economics()
        .energyJoules(promptTokens, outputTokens, state(place).load().inFlight() + 1);
  }

  /** Median time to the first token. */
  public double firstTokenNanos(int place) {
    forecastAll();
    return firstTokenNanos[place];
  }

  /** Median time per token after it. */
  public double perTokenNanos(int place) {
    forecastAll();
    return perTokenNanos[place];
  }

  /** Time to the last token, for the mean length. */
  public double totalNanos(int place) {
    forecastAll();
    return firstTokenNanos[place] + (request.output().mean() - 1) * perTokenNanos[place];
  }

  /** Probability that every part of the budget is met. */
  public double probability(int place) {
    forecastAll();
    return probability[place];
  }

  private void forecastAll() {
    if (probability.length > 0) {
      return;
    }
    firstTokenNanos = new double[size];
    perTokenNanos = new double[size];
    probability = new double[size];
    for (int place = 0; place < size; place++) {
      forecaster.on(states[place], cachedTokens(place));
      firstTokenNanos[place] = forecaster.firstTokenNanos();
      perTokenNanos[place] = forecaster.perTokenNanos();
      probability[place] = forecaster.probability();
    }
  }

  /** The candidate at {@code place} as a value that outlives the decision. */
  public Candidate candidate(int place) {
    DeploymentState state = states[place];
    forecaster.on(state, cachedTokens(place));
    return new Candidate(state, forecaster.prediction(state), costUsd(place));
  }
}
