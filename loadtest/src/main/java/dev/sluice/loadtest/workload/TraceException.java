package dev.sluice.loadtest.workload;

/** A trace that cannot be used at all; the message names file and line. */
public final class TraceException extends RuntimeException {
  TraceException(String message) {
    super(message);
  }
}
