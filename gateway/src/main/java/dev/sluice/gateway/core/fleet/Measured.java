package dev.sluice.gateway.core.fleet;

/**
 * How fast a deployment answered of late, as averages that forget: what rules without a forecast go
 * by. Times are nanoseconds since the attempt was sent; 0 while nothing was measured.
 *
 * @param peak peak-sensitive average of the whole answer's time: rises at once, falls slowly
 * @param answer average of the whole answer's time
 * @param firstToken average time to the first token
 * @param perToken average time per token after it
 * @param engine average engine time of an answer, as its profile has it
 * @param recent the newest answers one by one
 * @param answers answers measured so far
 */
public record Measured(
    Average peak,
    Average answer,
    Average firstToken,
    Average perToken,
    Average engine,
    Answers recent,
    long answers) {

  /** Nothing was measured. */
  public static final Measured NOTHING =
      new Measured(
          Average.NONE, Average.NONE, Average.NONE, Average.NONE, Average.NONE, Answers.NONE, 0);

  /** Peak-sensitive average of the whole answer's time; fades while nothing comes. */
  public double peakNanos(long nowNanos) {
    return peak.faded(nowNanos);
  }

  /** Average of the whole answer's time. */
  public double answerNanos() {
    return answer.value();
  }

  /** Average time to the first token. */
  public double firstTokenNanos() {
    return firstToken.value();
  }

  /** Average time per token after it. */
  public double perTokenNanos() {
    return perToken.value();
  }

  /** Average engine time that an answer took up, as its profile has it. */
  public double engineNanos() {
    return engine.value();
  }

  /** Median time of recent answers that found about {@code inFlight} requests under way. */
  public double latencyNear(int inFlight) {
    return recent.medianNear(inFlight);
  }

  /** This with a first token that came after {@code nanos}. */
  Measured firstToken(long nanos, long nowNanos) {
    return new Measured(
        peak, answer, firstToken.with(nanos, nowNanos), perToken, engine, recent, answers);
  }

  /** This with the answer of an attempt that ended regularly. */
  Measured answered(Observation.Ended ended) {
    long nanos = ended.sinceSentNanos();
    long nowNanos = ended.nowNanos();
    double rest = Math.max(0, nanos - firstToken.value());
    int gaps = ended.outputTokens() - 1;
    return new Measured(
        peak.withPeak(nanos, nowNanos),
        answer.with(nanos, nowNanos),
        firstToken,
        gaps > 0 ? perToken.with(rest / gaps, nowNanos) : perToken,
        engine.with(ended.work().engineNanos(), nowNanos),
        recent.with(nanos, ended.work().ahead()),
        answers + 1);
  }
}
