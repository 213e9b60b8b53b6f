package dev.sluice.loadtest.live;

/**
 * How load is put on a target.
 *
 * @param target host and port
 * @param model the model to ask for
 * @param connections connections to spread the requests over
 * @param maxInFlight requests above this many are not sent, and count as misses
 * @param warmUpNanos how long small requests are sent first; 0: not at all
 * @param drainNanos how long answers are awaited after the last request is sent
 * @param flagPauses whether requests touched by a client pause are flagged instead of the run being
 *     invalid
 */
public record LiveSettings(
    String target,
    String model,
    int connections,
    int maxInFlight,
    long warmUpNanos,
    long drainNanos,
    boolean flagPauses) {
  public LiveSettings {
    if (target.isBlank() || model.isBlank()) {
      throw new IllegalArgumentException(
          "target: \"" + target + "\", model: \"" + model + "\" (expected: both)");
    }
    require("connections", connections, 1, 1024);
    require("max in flight", maxInFlight, 1, 1_000_000);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d … %d)".formatted(name, value, least, most));
    }
  }
}
