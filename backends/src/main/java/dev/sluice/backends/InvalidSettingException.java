package dev.sluice.backends;

import java.util.List;
import java.util.stream.Collectors;

/** A backend was to be made although {@link BackendFactory#check} finds fault with its settings. */
public final class InvalidSettingException extends IllegalArgumentException {

  private final transient List<InvalidSetting> settings;

  /** Names every one of {@code settings}, its value and what was expected. */
  public InvalidSettingException(List<InvalidSetting> settings) {
    super(settings.stream().map(InvalidSetting::toString).collect(Collectors.joining("; ")));
    this.settings = List.copyOf(settings);
  }

  /** What is wrong, in the order in which the kind declares its settings. */
  public List<InvalidSetting> settings() {
    return settings;
  }
}
