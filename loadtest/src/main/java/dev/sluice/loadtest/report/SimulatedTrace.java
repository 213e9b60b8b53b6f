package dev.sluice.loadtest.report;

/**
 * The trace that was replayed in virtual time.
 *
 * @param file its name
 * @param sha256 checksum of the file
 * @param requests usable requests in it
 * @param spanSeconds from the first of them to the last, at its own rate
 * @param closedLoop whether requests that follow an answer waited for its end
 */
public record SimulatedTrace(
    String file, String sha256, long requests, double spanSeconds, boolean closedLoop) {

  /** A trace whose requests came at their recorded instants. */
  public SimulatedTrace(String file, String sha256, long requests, double spanSeconds) {
    this(file, sha256, requests, spanSeconds, false);
  }

  public SimulatedTrace {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "SHA-256 of " + file + ": " + sha256 + " (expected: 64 hexadecimal digits)");
    }
    if (requests < 0) {
      throw new IllegalArgumentException(
          "requests of " + file + ": " + requests + " (expected: 0 or more)");
    }
    Checks.notNegative("span of " + file, spanSeconds);
  }
}
