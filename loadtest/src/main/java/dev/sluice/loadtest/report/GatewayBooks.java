package dev.sluice.loadtest.report;

/** What the gateway's metrics say of the measured part: the sums after it less those before it. */
public record GatewayBooks(
    long received,
    long rejected,
    long completed,
    long failed,
    long cancelled,
    long inFlight,
    long deliveredTokens,
    long attempts,
    Handovers failovers,
    Handovers resumes) {

  /** What came since an earlier reading; in flight is a level, not a sum. */
  public GatewayBooks since(GatewayBooks earlier) {
    return new GatewayBooks(
        received - earlier.received,
        rejected - earlier.rejected,
        completed - earlier.completed,
        failed - earlier.failed,
        cancelled - earlier.cancelled,
        inFlight,
        deliveredTokens - earlier.deliveredTokens,
        attempts - earlier.attempts,
        failovers.since(earlier.failovers),
        resumes.since(earlier.resumes));
  }

  long notCompleted() {
    return rejected + failed + cancelled;
  }
}
