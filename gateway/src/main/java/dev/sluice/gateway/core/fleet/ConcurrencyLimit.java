package dev.sluice.gateway.core.fleet;

/**
 * How many requests of ours a deployment is given at once: at first as many as it has places for
 * and can begin within a second, fewer when its first tokens come later than they used to, more
 * when it keeps up. Immutable.
 *
 * @implNote Gradient2 of Netflix' concurrency-limits (science §1.8), fed once a second with the
 *     mean of how often the time to the first token was what it is on an idle deployment for the
 *     same prompt; raw times would tell of prompts' lengths. With L the limit, s the last second's
 *     mean and l its long average:
 *     <pre>
 * g = max(½, min(1, 2·l ÷ s)),  L ← 0.8·L + 0.2·(L·g + √places),  1 ≤ L ≤ 2·places
 * </pre>
 *     A second in which less than half of the limit was in use says nothing of the limit. The
 *     original adds 4 in place of √places, which is more than a wafer's whole engine and nothing to
 *     a batch of 256, and its least limit of 20 is too much for an engine with slots (faults §5.5).
 *     At g = ½ the limit comes to rest at 2·√places: a slow deployment gets little, never nothing.
 *     To begin with the bare slots, as §5.5 has it, took two thirds of the fastest hardware's
 *     goodput under overload: a slot that falls free is then filled by whoever comes first, not by
 *     him whose budget a short queue in the engine would have kept.
 * @param places sequences that it holds at once and usual ones that it can begin within a second
 * @param limit the limit, 1 … 2·places
 * @param longRatio long average of the ratio; 0 before the first second
 * @param window the second that is being counted
 */
record ConcurrencyLimit(int places, double limit, double longRatio, Window window) {

  /** How much slower than usual is borne before the limit falls. */
  private static final double TOLERANCE = 2;

  private static final double SMOOTHING = 0.2;
  private static final double LEAST_GRADIENT = 0.5;
  private static final long WINDOW_NANOS = 1_000_000_000L;

  /** Weight of a second in the long average: that of 600 samples, as the original has it. */
  private static final double LONG_WEIGHT = 2.0 / (600 + 1);

  /** What the long average keeps of itself when times have become much better than it says. */
  private static final double RECOVERY = 0.95;

  /**
   * What was seen in a second.
   *
   * @param startNanos its beginning
   * @param samples first tokens
   * @param sum of their ratios
   * @param mostInFlight most requests under way
   */
  record Window(long startNanos, int samples, double sum, int mostInFlight) {
    static final Window NONE = new Window(Long.MIN_VALUE, 0, 0, 0);

    private Window with(double ratio, int inFlight) {
      return new Window(startNanos, samples + 1, sum + ratio, Math.max(mostInFlight, inFlight));
    }
  }

  ConcurrencyLimit {
    if (places < 1 || !(limit >= 1 && limit <= 2.0 * places)) {
      throw new IllegalArgumentException(
          "limit: %s of %d places (expected: 1 to twice as many)".formatted(limit, places));
    }
  }

  /** The limit of a deployment that nothing is known of but its figures. */
  static ConcurrencyLimit of(Figures figures) {
    int slots =
        switch (figures) {
          case Figures.Batch batch -> batch.limits().maxSequences();
          case Figures.Slots own -> own.slots();
        };
    int places = (int) Math.min(1e6, Math.ceil(slots + figures.capacityPerSecond()));
    return new ConcurrencyLimit(places, places, 0, Window.NONE);
  }

  /** Whether so many requests are as many as it is given. */
  boolean isReached(int inFlight) {
    return inFlight >= (int) limit;
  }

  /**
   * A first token came.
   *
   * @param ratio its time over that of an idle deployment
   * @param inFlight requests of ours under way there
   */
  ConcurrencyLimit firstToken(double ratio, int inFlight, long nowNanos) {
    if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
      return this;
    }
    ConcurrencyLimit next = this;
    if (window.samples() == 0 || nowNanos - window.startNanos() >= WINDOW_NANOS) {
      next = window.samples() == 0 ? this : closed();
      next =
          new ConcurrencyLimit(places, next.limit, next.longRatio, new Window(nowNanos, 0, 0, 0));
    }
    return new ConcurrencyLimit(
        places, next.limit, next.longRatio, next.window.with(ratio, inFlight));
  }

  private ConcurrencyLimit closed() {
    double shortRatio = window.sum() / window.samples();
    double average =
        longRatio == 0 ? shortRatio : longRatio + LONG_WEIGHT * (shortRatio - longRatio);
    double nextLong = average / shortRatio > TOLERANCE ? average * RECOVERY : average;
    if (window.mostInFlight() < limit / 2) {
      return new ConcurrencyLimit(places, limit, nextLong, window);
    }
    double gradient = Math.max(LEAST_GRADIENT, Math.min(1, TOLERANCE * nextLong / shortRatio));
    double wanted = limit * gradient + StrictMath.sqrt(places);
    double next = (1 - SMOOTHING) * limit + SMOOTHING * wanted;
    return new ConcurrencyLimit(
        places, Math.max(1, Math.min(2.0 * places, next)), nextLong, window);
  }

  @Override
  public String toString() {
    return "ConcurrencyLimit[%.1f of %d places]".formatted(limit, places);
  }
}
