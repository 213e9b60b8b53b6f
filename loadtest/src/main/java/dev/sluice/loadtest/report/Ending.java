package dev.sluice.loadtest.report;

/**
 * How a request ended, and why.
 *
 * @param outcome how
 * @param reason stable name of the reason; empty for a completed request
 */
public record Ending(Outcome outcome, String reason) {
  /** The end of a request that was answered in full. */
  public static final Ending COMPLETED = new Ending(Outcome.COMPLETED, "");

  public Ending {
    if ((outcome == Outcome.COMPLETED) != reason.isEmpty()) {
      throw new IllegalArgumentException(
          "reason of " + outcome + ": \"" + reason + "\" (expected: one unless completed)");
    }
  }
}
