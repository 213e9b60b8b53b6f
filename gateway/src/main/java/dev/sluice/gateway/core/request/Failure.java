package dev.sluice.gateway.core.request;

import java.util.List;

/**
 * Why a request was not answered in full: a value, not an exception.
 *
 * @param reason from the catalogue
 * @param message for the caller: the thing, its value, what was expected; no prompt text, no secret
 * @param retryAfterNanos when it may be worth to try again; 0: no hint
 * @param details further facts as names and values, in a fixed order
 */
public record Failure(Reason reason, String message, long retryAfterNanos, List<Detail> details) {

  /** One fact, such as {@code achievable_ttft_ms} = {@code 412.5}. */
  public record Detail(String name, String value) {}

  public Failure {
    details = List.copyOf(details);
  }

  /** A failure with nothing to add and no hint to retry. */
  public static Failure of(Reason reason, String message) {
    return new Failure(reason, message, 0, List.of());
  }

  /** This failure with a hint to try again after {@code nanos}. */
  public Failure retryAfter(long nanos) {
    return new Failure(reason, message, nanos, details);
  }
}
