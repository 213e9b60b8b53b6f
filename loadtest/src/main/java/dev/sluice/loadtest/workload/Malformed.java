package dev.sluice.loadtest.workload;

/** A piece of a trace that cannot be read; the message tells place, value and expectation. */
final class Malformed extends Exception {
  Malformed(String message) {
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
