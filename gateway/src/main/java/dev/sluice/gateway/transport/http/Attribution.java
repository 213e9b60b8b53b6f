package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.Assignment;
import org.eclipse.jetty.http.HttpFields;

/** Headers that tell who serves a request, what is expected, and what the gateway added. */
final class Attribution {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private Attribution() {}

  /**
   * Puts them.
   *
   * @param attempts attempts so far
   * @param overheadNanos from the request's arrival until a backend had it
   * @param askedTotalNanos the total that the caller asked for; 0 for none
   */
  static void put(
      HttpFields.Mutable headers,
      Assignment assignment,
      int attempts,
      long overheadNanos,
      long askedTotalNanos) {
    headers.put("x-sluice-backend", assignment.backend());
    headers.put("x-sluice-accelerator", assignment.accelerator());
    if (!assignment.region().isEmpty()) {
      headers.put("x-sluice-region", assignment.region());
    }
    headers.put("x-sluice-attempts", Integer.toString(attempts));
    Assignment.Expectation expected = assignment.expectation();
    headers.put(
        "x-sluice-forecast-ttft-ms", JsonBytes.millisText((long) expected.firstTokenNanos()));
    headers.put("x-sluice-forecast-tpot-ms", JsonBytes.millisText((long) expected.perTokenNanos()));
    headers.put(
        "x-sluice-forecast-ttft-p90-ms",
        JsonBytes.millisText((long) expected.firstTokenP90Nanos()));
    headers.put(
        "x-sluice-forecast-tpot-p90-ms", JsonBytes.millisText((long) expected.perTokenP90Nanos()));
    headers.put("x-sluice-forecast-probability", perMille(expected.probability()));
    headers.put("x-sluice-overhead-ms", JsonBytes.millisText(overheadNanos));
    long holdsNanos = assignment.budget().totalNanos();
    if (askedTotalNanos > holdsNanos) {
      headers.put("x-effective-budget-ms", Long.toString(holdsNanos / NANOS_PER_MILLI));
    }
  }

  /** A probability with three places. */
  private static String perMille(double probability) {
    long rounded = Math.round(Math.max(0, Math.min(1, probability)) * 1000);
    return rounded == 1000 ? "1.000" : "0." + Long.toString(1000 + rounded).substring(1);
  }
}
