package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.LengthKey;
import java.util.SplittableRandom;

/**
 * A backend of which only its physics and its true factors are known, and a learner that follows
 * it: predict, then learn.
 */
final class LearnerFixtures {

  static final long MILLISECOND = 1_000_000;
  static final LengthKey KEY = LengthKey.of("acme", "llama-3.3-70b", 256);

  final Learner learner = new Learner(1);
  final SplittableRandom random = new SplittableRandom(20_260_101);
  final double[] trueFactors = new double[Track.COMPONENTS];
  double trueSpread = 0.05;
  Calibration calibration = Calibration.NONE;
  long nowNanos;

  LearnerFixtures(double factor) {
    java.util.Arrays.fill(trueFactors, factor);
  }

  /** What is forecast for a request with a drawn prompt and a drawn number of prompts ahead. */
  Prediction predict() {
    double[] first = new double[Track.COMPONENTS];
    first[Components.OVERHEAD] = 15 * MILLISECOND;
    first[Components.OWN_PROMPT] = (1 + random.nextInt(200)) * (double) MILLISECOND;
    first[Components.STEPS] = 16.0 * MILLISECOND * (1 + random.nextInt(4));
    double[] perToken = new double[Track.COMPONENTS];
    perToken[Components.STEP] = 16.0 * MILLISECOND;
    perToken[Components.SEQUENCES] = 0.1 * MILLISECOND * random.nextInt(64);
    return prediction(first, perToken);
  }

  /** The prediction of these parts, as of what is known. */
  Prediction prediction(double[] first, double[] perToken) {
    Forecast forecast =
        new Forecast(
            Components.firstToken(first, calibration.idleFirstToken()),
            Components.perToken(perToken, calibration.idlePerToken()),
            0,
            0,
            0,
            0);
    return new Prediction(
        0,
        false,
        false,
        new Prediction.Expected(first, forecast.firstTokenNanos(), calibration.idleFirstToken(), 1),
        new Prediction.Expected(perToken, forecast.perTokenNanos(), calibration.idlePerToken(), 1),
        forecast,
        KEY);
  }

  /** What is measured where {@code prediction} was made, first token. */
  long firstTokenNanos(Prediction prediction) {
    return (long) measured(prediction.firstToken().parts());
  }

  private double measured(double[] parts) {
    double sum = 0;
    for (int k = 0; k < parts.length; k++) {
      sum += trueFactors[k] * parts[k];
    }
    return sum * StrictMath.exp(trueSpread * random.nextGaussian());
  }

  /** One request after the other, each learned from before the next. */
  void serve(int requests) {
    for (int i = 0; i < requests; i++) {
      serve();
    }
  }

  /** Serves one request and returns ln(measured ÷ forecast) of its first token. */
  double serve() {
    Prediction prediction = predict();
    long firstTokenNanos = firstTokenNanos(prediction);
    learner.learn(new Label.Sent(prediction, nowNanos));
    pass(firstTokenNanos);
    learner.learn(new Label.FirstToken(prediction, firstTokenNanos, nowNanos));
    learner.learn(
        new Label.Ended(prediction, 100, true, measured(prediction.perToken().parts()), nowNanos));
    take();
    return StrictMath.log(firstTokenNanos / prediction.forecast().firstTokenNanos());
  }

  /** Lets time pass, telling the learner every 20 ms. */
  void pass(long nanos) {
    long untilNanos = nowNanos + nanos;
    while (nowNanos < untilNanos) {
      nowNanos = Math.min(untilNanos, nowNanos + 20 * MILLISECOND);
      learner.passed(nowNanos);
    }
  }

  /** Takes what the learner knows. */
  void take() {
    for (Observation.Learned learned : learner.changed()) {
      calibration = learned.calibration();
    }
  }
}
