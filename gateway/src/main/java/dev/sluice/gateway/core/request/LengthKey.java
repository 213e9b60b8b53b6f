package dev.sluice.gateway.core.request;

/**
 * What answers must have in common to become alike long.
 *
 * @param tenant on whose behalf it is asked; empty: not said, or of any tenant
 * @param model name of the model
 * @param limitBits how far the answer may go: the limit's length in bits, so that each value stands
 *     for limits of which none is twice another; {@link #ANY_LIMIT}: whatever the limit
 */
public record LengthKey(String tenant, String model, int limitBits) {

  /** Whatever the limit. */
  public static final int ANY_LIMIT = 0;

  /** The key of a request on behalf of {@code tenant} for at most {@code most} tokens. */
  public static LengthKey of(String tenant, String model, int most) {
    return new LengthKey(tenant, model, Integer.SIZE - Integer.numberOfLeadingZeros(most));
  }

  /** The key of all requests for the model with such a limit. */
  public LengthKey ofAnyTenant() {
    return new LengthKey("", model, limitBits);
  }

  /** The key of all requests for the model. */
  public LengthKey ofAnyLimit() {
    return new LengthKey("", model, ANY_LIMIT);
  }
}
