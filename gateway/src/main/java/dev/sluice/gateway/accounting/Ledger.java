package dev.sluice.gateway.accounting;

import java.util.concurrent.atomic.LongAdder;

/**
 * The books on requests: {@code received = rejected + completed + failed + cancelled + in flight}.
 *
 * <p>Rejected requests were never routed; failed ones were. A caller that goes away makes a
 * cancelled request.
 */
public final class Ledger {

  final LongAdder received = new LongAdder();
  final LongAdder rejected = new LongAdder();
  final LongAdder completed = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  final LongAdder deliveredTokens = new LongAdder();
  final LongAdder droppedRecords = new LongAdder();

  /** One reading of the books; exact when nothing is under way. */
  public record Reading(
      long received,
      long rejected,
      long completed,
      long failed,
      long cancelled,
      long deliveredTokens,
      long droppedRecords) {

    /** Requests that have not ended. */
    public long inFlight() {
      return received - rejected - completed - failed - cancelled;
    }
  }

  /**
   * Reads the books. Ends are read before the beginnings, so that in flight is never below zero.
   */
  public Reading read() {
    long ended1 = rejected.sum();
    long ended2 = completed.sum();
    long ended3 = failed.sum();
    long ended4 = cancelled.sum();
    return new Reading(
        received.sum(),
        ended1,
        ended2,
        ended3,
        ended4,
        deliveredTokens.sum(),
        droppedRecords.sum());
  }
}
