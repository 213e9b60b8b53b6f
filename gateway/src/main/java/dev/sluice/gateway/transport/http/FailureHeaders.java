package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.transport.Statuses;
import org.eclipse.jetty.http.HttpFields;

/** Headers of a failure: whether and when to come again, and llm-d's word for a refusal. */
final class FailureHeaders {

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_PER_SECOND = 1_000;

  private FailureHeaders() {}

  static void put(HttpFields.Mutable headers, Failure failure) {
    // OpenAI's clients obey it: without, they would repeat whatever is above 499
    headers.put("x-should-retry", Statuses.mayBeRepeated(failure) ? "true" : "false");
    if (failure.retryAfterNanos() > 0) {
      long millis = Math.max(1, failure.retryAfterNanos() / NANOS_PER_MILLI);
      long seconds = (millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
      headers.put("retry-after-ms", Long.toString(millis));
      headers.put("retry-after", Long.toString(seconds));
    }
    String dropped = Statuses.droppedReason(failure.reason());
    if (dropped != null) {
      headers.put("x-llm-d-request-dropped-reason", dropped);
    }
  }
}
