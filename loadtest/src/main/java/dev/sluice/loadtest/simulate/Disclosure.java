package dev.sluice.loadtest.simulate;

/**
 * What the callers say and what the backends report: all that the gateway has to go by beside its
 * own books.
 *
 * @param hints whether callers say how long the answer will be
 * @param maxOutputTokens limit that callers set on the answer; {@link #UNSAID}: none, {@link
 *     #EXACT}: its true length, as the live client does
 * @param reports whether backends say how busy they are
 * @param reportDelayNanos how old a report is when it comes
 */
public record Disclosure(
    boolean hints, int maxOutputTokens, boolean reports, long reportDelayNanos) {

  /** Callers set no limit of their own. */
  public static final int UNSAID = 0;

  /** Callers limit the answer to its true length. */
  public static final int EXACT = -1;

  /**
   * How old a report is when it comes: a step of a busy engine and a way through a network. Chosen
   * without measurement.
   */
  public static final long DEFAULT_REPORT_DELAY_NANOS = 10_000_000;

  /** Nothing is said, and reports come late. */
  public static final Disclosure DEFAULT =
      new Disclosure(false, UNSAID, true, DEFAULT_REPORT_DELAY_NANOS);

  public Disclosure {
    if (maxOutputTokens < EXACT) {
      throw new IllegalArgumentException(
          "maxOutputTokens: " + maxOutputTokens + " (expected: >= 1)");
    }
    if (reportDelayNanos < 0 || reportDelayNanos >= VirtualGateway.ROUND_NANOS) {
      throw new IllegalArgumentException(
          "report delay: %d ns (expected: below the period of %d ns)"
              .formatted(reportDelayNanos, VirtualGateway.ROUND_NANOS));
    }
  }

  /** The limit that a caller sets whose answer has {@code outputTokens}. */
  int limit(int outputTokens) {
    return maxOutputTokens == EXACT ? outputTokens : maxOutputTokens;
  }
}
