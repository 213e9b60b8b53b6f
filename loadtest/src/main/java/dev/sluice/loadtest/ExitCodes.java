package dev.sluice.loadtest;

import dev.sluice.loadtest.report.RunReport;

/** What the exit codes of {@code sluice-load} mean. */
final class ExitCodes {
  static final int PASSED = 0;
  static final int ERROR = 1;
  static final int SLO_MISSED = 2;
  static final int INVALID = 3;
  static final int UNDECIDED = 4;
  static final int WORSE = 5;
  static final int VIOLATED = 6;

  private ExitCodes() {}

  /** The same for a run in which nothing was to break. */
  static int of(RunReport report, double required) {
    return of(report, required, false);
  }

  /**
   * The code of a finished run: whether it may be believed comes before what it says.
   *
   * @param required attainment that is asked for; 0: none
   * @param intact whether a fault may have cost nothing; a token that is lost is lost, however the
   *     client fared, so this comes first
   */
  static int of(RunReport report, double required, boolean intact) {
    if (intact && !report.intact()) {
      return SLO_MISSED;
    }
    if (!report.verdict().valid()) {
      return INVALID;
    }
    if (required == 0) {
      return PASSED;
    }
    if (report.attainment() < required) {
      return SLO_MISSED;
    }
    return report.canDecide(required) ? PASSED : UNDECIDED;
  }

  /** The code of a run that did not come about. */
  static int of(Exception exception) {
    if (exception instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return ERROR;
  }
}
