package dev.sluice.gateway.core.request;

/**
 * How long an answer may become: a distribution over equally likely lengths.
 *
 * <p>Immutable. A hint or a fixed length is a distribution of one point.
 */
public final class OutputLength {

  /**
   * The quantiles 5 %, 15 % … 95 % of the answers in the first 40 minutes of the Azure 2023
   * conversation trace (Splitwise, ISCA 2024), counted there.
   */
  private static final double[] TYPICAL = {39, 61, 81, 92, 104, 135, 194, 393, 410, 448};

  private final int most;
  private final int mostInAll;
  private final double[] points;
  private final double mean;

  private OutputLength(int most, int mostInAll, double[] points) {
    if (most < 1 || points.length == 0) {
      throw new IllegalArgumentException(
          "most, points: " + most + ", " + points.length + " (expected: >= 1)");
    }
    this.most = most;
    this.mostInAll = mostInAll;
    this.points = points;
    double sum = 0;
    for (int i = 0; i < points.length; i++) {
      points[i] = Math.max(1, Math.min(points[i], most));
      sum += points[i];
    }
    mean = sum / points.length;
  }

  /** Nothing is known but the limit. */
  public static OutputLength typical(int most) {
    return new OutputLength(most, most, TYPICAL.clone());
  }

  /** Somebody says how long it will be. */
  public static OutputLength hinted(int most, int tokens) {
    return new OutputLength(most, most, new double[] {tokens});
  }

  /** Learned: {@code points} are equally likely lengths, in ascending order. */
  public static OutputLength of(int most, double[] points) {
    return new OutputLength(most, most, points.clone());
  }

  /** What is left of it after {@code tokens} tokens: at least one more. */
  public OutputLength after(int tokens) {
    double[] left = new double[points.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = points[i] - tokens;
    }
    return new OutputLength(Math.max(1, most - tokens), mostInAll, left);
  }

  /** Most tokens the answer may have, at least 1. */
  public int most() {
    return most;
  }

  /** Most tokens the whole answer may have, those before what is left of it included. */
  int mostInAll() {
    return mostInAll;
  }

  /** Mean length in tokens, at least 1. */
  public double mean() {
    return mean;
  }

  /** Number of equally likely points. */
  public int points() {
    return points.length;
  }

  /** One of the equally likely lengths, in ascending order. */
  public double point(int index) {
    return points[index];
  }

  @Override
  public String toString() {
    return "OutputLength[mean " + mean + ", at most " + most + "]";
  }
}
