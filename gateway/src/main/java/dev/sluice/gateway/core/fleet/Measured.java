package dev.sluice.gateway.core.fleet;

/**
 * How fast a deployment answered of late, as averages that forget: what rules without a forecast go
 * by. Times are nanoseconds since the attempt was sent; 0 while nothing was measured.
 *
 * @param peakNanos peak-sensitive average of the whole answer's time: rises at once, falls slowly
 * @param answerNanos average of the whole answer's time
 * @param firstTokenNanos average time to the first token
 * @param perTokenNanos average time per token after it
 * @param answers answers measured so far
 * @param atNanos instant of the newest one
 */
public record Measured(
    double peakNanos,
    double answerNanos,
    double firstTokenNanos,
    double perTokenNanos,
    long answers,
    long atNanos) {

  /** Nothing was measured. */
  public static final Measured NOTHING = new Measured(0, 0, 0, 0, 0, Long.MIN_VALUE);

  /** Time constant of the averages: Finagle's default for peak EWMA (science §1.2). */
  private static final double TIME_CONSTANT_NANOS = 10e9;

  /** This with a first token that came after {@code nanos}. */
  Measured firstToken(long nanos, long nowNanos) {
    double average = firstTokenNanos == 0 ? nanos : mix(firstTokenNanos, nanos, nowNanos);
    return new Measured(peakNanos, answerNanos, average, perTokenNanos, answers, atNanos(nowNanos));
  }

  /** This with an answer of {@code tokens} tokens that took {@code nanos} in all. */
  Measured answered(long nanos, int tokens, long nowNanos) {
    double perToken = tokens > 1 ? Math.max(0, nanos - firstTokenNanos) / (tokens - 1) : 0;
    boolean first = answers == 0;
    return new Measured(
        first || nanos > peakNanos ? nanos : mix(peakNanos, nanos, nowNanos),
        first ? nanos : mix(answerNanos, nanos, nowNanos),
        firstTokenNanos,
        perToken == 0 ? perTokenNanos : first ? perToken : mix(perTokenNanos, perToken, nowNanos),
        answers + 1,
        atNanos(nowNanos));
  }

  private double mix(double average, double sample, long nowNanos) {
    double kept = StrictMath.exp(-Math.max(0, nowNanos - atNanos) / TIME_CONSTANT_NANOS);
    // two samples at one instant would otherwise teach nothing
    double weight = Math.max(1 - kept, 0.01);
    return average + weight * (sample - average);
  }

  private long atNanos(long nowNanos) {
    return Math.max(atNanos, nowNanos);
  }
}
