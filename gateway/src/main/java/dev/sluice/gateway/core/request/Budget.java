package dev.sluice.gateway.core.request;

/**
 * How long a caller can wait, in nanoseconds; 0 where nothing is said.
 *
 * @param firstTokenNanos from arrival to the first token
 * @param perTokenNanos mean time per token after the first
 * @param totalNanos from arrival to the last token
 */
public record Budget(long firstTokenNanos, long perTokenNanos, long totalNanos) {

  /** No limit at all. */
  public static final Budget NONE = new Budget(0, 0, 0);

  public Budget {
    check("firstTokenNanos", firstTokenNanos);
    check("perTokenNanos", perTokenNanos);
    check("totalNanos", totalNanos);
  }

  /** This budget with its missing parts taken from {@code defaults}. */
  public Budget orElse(Budget defaults) {
    return new Budget(
        firstTokenNanos > 0 ? firstTokenNanos : defaults.firstTokenNanos,
        perTokenNanos > 0 ? perTokenNanos : defaults.perTokenNanos,
        totalNanos > 0 ? totalNanos : defaults.totalNanos);
  }

  /**
   * This budget for an answer in one piece, whose first token is its last: the shorter length
   * counts for both.
   */
  public Budget ofOnePiece() {
    long wholeNanos =
        firstTokenNanos > 0 && totalNanos > 0
            ? Math.min(firstTokenNanos, totalNanos)
            : Math.max(firstTokenNanos, totalNanos);
    return new Budget(wholeNanos, 0, wholeNanos);
  }

  /** What is left of this budget once the first token has come. */
  public Budget ofTheRest() {
    return new Budget(0, perTokenNanos, totalNanos);
  }

  /** This budget with no part longer than {@code mostNanos}. */
  public Budget atMost(long mostNanos) {
    return new Budget(
        Math.min(firstTokenNanos, mostNanos),
        Math.min(perTokenNanos, mostNanos),
        Math.min(totalNanos, mostNanos));
  }

  private static void check(String name, long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException(name + ": " + nanos + " (expected: >= 0)");
    }
  }
}
