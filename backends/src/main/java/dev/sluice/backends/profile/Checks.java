package dev.sluice.backends.profile;

/** Checks of the values that records take. */
final class Checks {

  private Checks() {}

  /** Fails unless {@code value} is finite and at least 0. */
  static void notNegative(String name, double value) {
    if (!Double.isFinite(value) || value < 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: a finite number of at least 0)");
    }
  }

  /** Fails unless {@code value} is finite and above 0. */
  static void positive(String name, double value) {
    if (!Double.isFinite(value) || value <= 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: a finite number above 0)");
    }
  }

  /** Fails unless {@code value} is at least {@code least}. */
  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  /** Fails if {@code value} says nothing. */
  static void notBlank(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + ": blank (expected: a name)");
    }
  }
}
