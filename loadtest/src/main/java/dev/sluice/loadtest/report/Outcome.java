package dev.sluice.loadtest.report;

import java.util.Locale;

/** How a request ended. */
public enum Outcome {
  /** Answered in full: every token once and in order, then the account. */
  COMPLETED,
  /** Turned away before any work was done for it. */
  REFUSED,
  /** Its deadline ended first. */
  EXPIRED,
  /** Called off, by either side. */
  CANCELLED,
  /** Failed in any other way, a damaged answer included. */
  BROKEN,
  /** Never sent: it came when the bound on requests in flight was reached. */
  NOT_SENT;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
