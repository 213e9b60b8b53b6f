package dev.sluice.backends.fit;

import java.util.ArrayList;
import java.util.List;

/**
 * The costs of an engine's steps, {@code T = a + b·B + g·K + π·C} (science §2), that fit what
 * requests took.
 *
 * @param overheadNanos added to the first token whatever the load, beside the step that gives it
 * @param stepNanos a
 * @param perSequenceNanos b
 * @param perCachedTokenNanos g
 * @param perPromptTokenNanos π
 */
record StepFit(
    double overheadNanos,
    double stepNanos,
    double perSequenceNanos,
    double perCachedTokenNanos,
    double perPromptTokenNanos) {

  /** A step takes some time, or forecasts would divide by nothing. */
  private static final double LEAST_STEP_NANOS = 1_000;

  /**
   * The fit of {@code measured}: π and the overhead from the first tokens of requests that were
   * alone; a, b and g from the pace of all that have one. Costs that come out below zero are zero.
   *
   * @throws IllegalArgumentException if no request was alone, or none had two tokens
   */
  static StepFit of(List<Measured> measured) {
    List<Measured> alone = measured.stream().filter(each -> each.together() == 1).toList();
    List<Measured> paced =
        measured.stream().filter(each -> Double.isFinite(each.perTokenNanos())).toList();
    List<Measured> pacedAlone = alone.stream().filter(paced::contains).toList();
    if (pacedAlone.isEmpty()) {
      throw new IllegalArgumentException(
          "measured: no request alone with two tokens (expected: some)");
    }
    double perCached =
        Math.max(0, line(pacedAlone, StepFit::cachedTokens, Measured::perTokenNanos).slope());
    Line bySequences =
        line(
            paced,
            Measured::together,
            each -> each.perTokenNanos() - perCached * each.together() * cachedTokens(each));
    double perSequence = Math.max(0, bySequences.slope());
    double step = Math.max(LEAST_STEP_NANOS, atOne(bySequences) - perSequence);
    Line byPrompt = line(alone, Measured::inputTokens, Measured::firstTokenNanos);
    double overhead = Math.max(0, byPrompt.intercept() - step - perSequence);
    return new StepFit(overhead, step, perSequence, perCached, Math.max(0, byPrompt.slope()));
  }

  private static double atOne(Line line) {
    return line.intercept() + line.slope();
  }

  /** Tokens in the cache halfway through the answer. */
  private static double cachedTokens(Measured measured) {
    return measured.inputTokens() + measured.outputTokens() / 2.0;
  }

  private interface Value {
    double of(Measured measured);
  }

  private static Line line(List<Measured> measured, Value x, Value y) {
    List<Line.Point> points = new ArrayList<>();
    measured.forEach(each -> points.add(new Line.Point(x.of(each), y.of(each))));
    return Line.through(points);
  }

  /** What the first token of a request that is alone should take. */
  double firstTokenNanos(Measured measured) {
    return overheadNanos + perTokenNanos(1, 0) + perPromptTokenNanos * measured.inputTokens();
  }

  /** What each token after the first should take. */
  double perTokenNanos(Measured measured) {
    return perTokenNanos(measured.together(), cachedTokens(measured));
  }

  private double perTokenNanos(int together, double cachedTokens) {
    return stepNanos + together * (perSequenceNanos + perCachedTokenNanos * cachedTokens);
  }

  /** Median error of the first tokens of requests that were alone, as a share. */
  double firstTokenError(List<Measured> measured) {
    return Line.median(
        measured.stream()
            .filter(each -> each.together() == 1)
            .map(each -> Math.abs(Math.log(firstTokenNanos(each) / each.firstTokenNanos())))
            .toList());
  }

  /** Median error of the time per token, as a share. */
  double perTokenError(List<Measured> measured) {
    return Line.median(
        measured.stream()
            .filter(each -> Double.isFinite(each.perTokenNanos()))
            .map(each -> Math.abs(Math.log(perTokenNanos(each) / each.perTokenNanos())))
            .toList());
  }
}
