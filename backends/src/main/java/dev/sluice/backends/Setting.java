package dev.sluice.backends;

import java.util.List;

/**
 * One key that a kind of backend takes in the fleet's configuration.
 *
 * @param name key as written in the file, lower case with underscores
 * @param type what the value must be
 * @param required whether it must be there
 * @param choices the only values allowed for {@link Type#TEXT}; empty: any
 * @param description one sentence for editors and documentation
 */
public record Setting(
    String name, Type type, boolean required, List<String> choices, String description) {

  /** What a value must be. */
  public enum Type {
    /** Any text. */
    TEXT,
    /** A whole number of at least 0. */
    WHOLE_NUMBER,
    /** A finite number. */
    NUMBER,
    /** A length of time such as {@code 250ms}; handed over as nanoseconds. */
    DURATION,
    /** {@code true} or {@code false}. */
    FLAG
  }

  public Setting {
    choices = List.copyOf(choices);
  }
}
