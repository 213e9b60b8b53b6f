package dev.sluice.loadtest.bound;

/** What came of serving the requests of a problem: when each was answered, and whether in time. */
public final class Attainment {

  /** The instant of a token that never came. */
  public static final long NEVER = Long.MAX_VALUE;

  private final BoundProblem problem;
  private final long[] firstTokenNanos;
  private final long[] lastTokenNanos;
  private final boolean[] met;
  private final double value;
  private final int metCount;

  private Attainment(BoundProblem problem, long[] firstTokenNanos, long[] lastTokenNanos) {
    this.problem = problem;
    this.firstTokenNanos = firstTokenNanos;
    this.lastTokenNanos = lastTokenNanos;
    met = new boolean[problem.size()];
    double sum = 0;
    int count = 0;
    for (int request = 0; request < met.length; request++) {
      met[request] = meets(request);
      if (met[request]) {
        sum += problem.value(request);
        count++;
      }
    }
    value = sum;
    metCount = count;
  }

  /**
   * Judges the instants of tokens by the budgets of {@code problem}.
   *
   * @param firstTokenNanos of each request, since the start of the run, or {@link #NEVER}; kept
   * @param lastTokenNanos likewise; kept
   */
  public static Attainment of(BoundProblem problem, long[] firstTokenNanos, long[] lastTokenNanos) {
    if (firstTokenNanos.length != problem.size() || lastTokenNanos.length != problem.size()) {
      throw new IllegalArgumentException(
          "instants: %d, %d (expected: %d, one per request)"
              .formatted(firstTokenNanos.length, lastTokenNanos.length, problem.size()));
    }
    return new Attainment(problem, firstTokenNanos, lastTokenNanos);
  }

  private boolean meets(int request) {
    return lastTokenNanos[request] != NEVER
        && lastTokenNanos[request] <= problem.endNanos()
        && ttftNanos(request) <= problem.ttftNanos(request)
        && tpotNanos(request) <= problem.tpotNanos(request)
        && totalNanos(request) <= problem.totalNanos(request);
  }

  /** Sum of the values of the requests that met their budgets. */
  public double value() {
    return value;
  }

  /** How many requests met their budgets. */
  public int metCount() {
    return metCount;
  }

  /** Whether {@code request} met every part of its budget. */
  public boolean met(int request) {
    return met[request];
  }

  /** From the arrival of {@code request} to its first token; {@link #NEVER} if it has none. */
  public long ttftNanos(int request) {
    return since(problem.arrivalNanos(request), firstTokenNanos[request]);
  }

  /** Mean time per token after the first, rounded down; 0 for an answer of one token. */
  public long tpotNanos(int request) {
    if (lastTokenNanos[request] == NEVER) {
      return NEVER;
    }
    int steps = problem.outputTokens(request) - 1;
    return steps == 0 ? 0 : (lastTokenNanos[request] - firstTokenNanos[request]) / steps;
  }

  /** From the arrival of {@code request} to its last token; {@link #NEVER} if it has none. */
  public long totalNanos(int request) {
    return since(problem.arrivalNanos(request), lastTokenNanos[request]);
  }

  private static long since(long fromNanos, long nanos) {
    return nanos == NEVER ? NEVER : nanos - fromNanos;
  }

  @Override
  public String toString() {
    return "Attainment[" + metCount + " of " + met.length + " met, value " + value + "]";
  }
}
