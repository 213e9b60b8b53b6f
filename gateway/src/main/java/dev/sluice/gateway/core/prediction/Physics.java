package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;

/**
 * The forecast from first principles: the closed forms of science §2.2 and §2.3 over a profile's
 * figures and our own bookkeeping.
 *
 * <p>For an engine that works in steps, with R prompt tokens waiting before ours (p), B requests
 * decoding over K key-value tokens and a share φ of late engine time spent on prompts:
 *
 * <pre>
 * TTFT ≈ overhead + π·(R + p) + ⌈(R + p) / chunk⌉·(a + b·B + g·K) + wait for a place
 * TPOT ≈ (a + b·(B + 1) + g·(K + k)) / (1 − φ)
 * </pre>
 *
 * <p>For an engine with slots neither depends on others until the slots are full; then requests
 * wait for one.
 *
 * <p>The probability takes residuals as log-normal around these medians. Nothing is learned yet.
 */
public final class Physics {

  /** Spread of ln(measured ÷ forecast) for the first token: the prior of science §6. */
  private static final double FIRST_TOKEN_SIGMA = 0.30;

  /** Spread for the time per token, which averages over many steps. Chosen without measurement. */
  private static final double PER_TOKEN_SIGMA = 0.10;

  /**
   * Prompt work can not take all of an engine's time: decodes go first. Chosen without measurement.
   */
  private static final double MAX_PREFILL_SHARE = 0.8;

  /** The standard normal quantile of 0.9. */
  private static final double NINE_OF_TEN = 1.2816;

  private Physics() {}

  /** The forecast for {@code request} on {@code deployment} under {@code load}. */
  public static Forecast forecast(
      AdmittedRequest request, Deployment deployment, Load load, long nowNanos) {
    double firstTokenNanos;
    double perTokenNanos;
    switch (deployment.figures()) {
      case Figures.Batch batch -> {
        firstTokenNanos = firstTokenNanos(batch, request, load);
        perTokenNanos = perTokenNanos(batch, request, load, nowNanos);
      }
      case Figures.Slots slots -> {
        firstTokenNanos = firstTokenNanos(slots, request, load);
        perTokenNanos = slots.tokenNanos();
      }
    }
    double totalNanos = firstTokenNanos + (request.expectedOutputTokens() - 1) * perTokenNanos;
    return new Forecast(
        firstTokenNanos,
        perTokenNanos,
        totalNanos,
        probability(request.budget(), firstTokenNanos, perTokenNanos, totalNanos));
  }

  /** A budget that {@code forecast} meets in nine of ten cases for each part. */
  public static Budget safeBudget(Forecast forecast) {
    double firstToken = StrictMath.exp(NINE_OF_TEN * FIRST_TOKEN_SIGMA);
    double perToken = StrictMath.exp(NINE_OF_TEN * PER_TOKEN_SIGMA);
    return new Budget(
        (long) (forecast.firstTokenNanos() * firstToken),
        (long) (forecast.perTokenNanos() * perToken),
        (long) (forecast.totalNanos() * firstToken));
  }

  private static double firstTokenNanos(Figures.Batch batch, AdmittedRequest request, Load load) {
    double promptTokens = load.prefillTokens() + (double) request.promptTokens();
    double steps = Math.ceil(promptTokens / batch.limits().chunkTokens());
    return batch.overheadNanos()
        + batch.perPromptTokenNanos() * promptTokens
        + steps * batch.decodeStepNanos(load.decoding(), load.kvTokens())
        + waitNanos(batch, request, load);
  }

  /** Wait for a sequence's place or for memory, whichever is scarcer; 0 while there is room. */
  private static double waitNanos(Figures.Batch batch, AdmittedRequest request, Load load) {
    int places = batch.limits().maxSequences();
    double memoryUse =
        (load.kvTokens() + load.prefillTokens() + request.promptTokens())
            / (double) batch.limits().kvTokens();
    double excess = Math.max((load.inFlight() + 1.0 - places) / places, Math.max(0, memoryUse - 1));
    if (excess <= 0) {
      return 0;
    }
    double lifeNanos =
        request.expectedOutputTokens()
            * batch.decodeStepNanos(Math.min(load.inFlight(), places), load.kvTokens());
    return excess * lifeNanos;
  }

  private static double perTokenNanos(
      Figures.Batch batch, AdmittedRequest request, Load load, long nowNanos) {
    int sequences = Math.min(load.inFlight() + 1, batch.limits().maxSequences());
    double ownTokens = request.promptTokens() + request.expectedOutputTokens() / 2.0;
    double kvTokens = load.kvTokens() + load.prefillTokens() + ownTokens;
    double share = Math.min(load.prefillWork().share(nowNanos), MAX_PREFILL_SHARE);
    return batch.decodeStepNanos(sequences, kvTokens) / (1 - share);
  }

  private static double firstTokenNanos(Figures.Slots slots, AdmittedRequest request, Load load) {
    double ownNanos = slots.fillNanos() + slots.perPromptTokenNanos() * request.promptTokens();
    int ahead = load.inFlight() + 1 - slots.slots();
    double lifeNanos = ownNanos + slots.tokenNanos() * request.expectedOutputTokens();
    double waitNanos = ahead > 0 ? lifeNanos * ahead / slots.slots() : 0;
    return slots.overheadNanos() + ownNanos + waitNanos;
  }

  private static double probability(
      Budget budget, double firstTokenNanos, double perTokenNanos, double totalNanos) {
    return within(budget.firstTokenNanos(), firstTokenNanos, FIRST_TOKEN_SIGMA)
        * within(budget.perTokenNanos(), perTokenNanos, PER_TOKEN_SIGMA)
        * within(budget.totalNanos(), totalNanos, FIRST_TOKEN_SIGMA);
  }

  private static double within(long budgetNanos, double medianNanos, double sigma) {
    return budgetNanos == 0
        ? 1
        : normal(StrictMath.log(budgetNanos / Math.max(medianNanos, 1)) / sigma);
  }

  /** Standard normal distribution function, to 1e-7: Abramowitz and Stegun 26.2.17. */
  static double normal(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double tail =
        StrictMath.exp(-z * z / 2)
            / StrictMath.sqrt(2 * Math.PI)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z >= 0 ? 1 - tail : tail;
  }
}
