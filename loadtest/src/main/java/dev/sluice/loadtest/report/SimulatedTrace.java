package dev.sluice.loadtest.report;

/**
 * The trace that was replayed in virtual time.
 *
 * @param file its name
 * @param sha256 checksum of the file
 * @param requests usable requests in it
 * @param spanSeconds from the first of them to the last, at its own rate
 */
public record SimulatedTrace(String file, String sha256, long requests, double spanSeconds) {
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
