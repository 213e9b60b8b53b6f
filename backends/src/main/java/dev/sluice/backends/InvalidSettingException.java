package dev.sluice.backends;

/** A setting has the right type but a value that cannot be used. */
public final class InvalidSettingException extends IllegalArgumentException {

  private final String setting;

  /**
   * Names the setting, its value and what was expected.
   *
   * @param setting key of the setting
   * @param value the value as written
   * @param expected what would have been right
   */
  public InvalidSettingException(String setting, String value, String expected) {
    super(setting + ": " + value + " (expected: " + expected + ")");
    this.setting = setting;
  }

  /** Key of the setting. */
  public String setting() {
    return setting;
  }
}
