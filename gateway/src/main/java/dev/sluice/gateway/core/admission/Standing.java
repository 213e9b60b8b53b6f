package dev.sluice.gateway.core.admission;

/**
 * How a tenant stands when one of its requests arrives.
 *
 * @param atMostStreams whether it has as many requests under way as it may
 * @param isAboveShare whether it took more of a contended model of late than is its share
 * @param quota what is left of its tokens
 */
public record Standing(boolean atMostStreams, boolean isAboveShare, Quota quota) {

  /** Of a tenant that may do whatever it likes. */
  public static final Standing FREE = new Standing(false, false, Quota.NONE);

  /**
   * Tokens that a tenant may still use.
   *
   * @param leftTokens how many; below zero when requests under way may use more than was left
   * @param perMinute how many come in a minute, which is also the most that pile up; infinite: no
   *     limit
   */
  public record Quota(double leftTokens, double perMinute) {

    private static final double NANOS_PER_MINUTE = 60e9;

    /** No limit. */
    public static final Quota NONE = new Quota(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    /**
     * How long it takes until there are {@code tokens}, or as many as there ever are; 0 when they
     * are there.
     */
    long nanosUntil(double tokens) {
      double missing = Math.min(tokens, perMinute) - leftTokens;
      return missing > 0 ? (long) Math.ceil(missing / perMinute * NANOS_PER_MINUTE) : 0;
    }
  }
}
