package dev.sluice.backends;

/**
 * A setting whose value has the right type and still cannot be used.
 *
 * @param name key of the setting
 * @param value the value, or what stands for none
 * @param expected what would have been right
 */
public record InvalidSetting(String name, String value, String expected) {

  /** Stands for a value that may hold a secret and is shown nowhere. */
  public static final String WITHHELD = "(not shown)";

  @Override
  public String toString() {
    return name + ": " + value + " (expected: " + expected + ")";
  }
}
