package dev.sluice.loadtest.report.compare;

/** A report that cannot be compared; the message tells which file and why. */
public final class ReportException extends Exception {
  ReportException(String message) {
    super(message);
  }
}
