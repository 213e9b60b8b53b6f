package dev.sluice.loadtest.live.fault;

/** A plan that cannot be carried out as it stands; the message begins with file:line:column. */
public final class PlanException extends Exception {
  PlanException(String file, int line, int column, String message) {
    super(file + ":" + line + ":" + column + ": " + message, null, false, false);
  }
}
