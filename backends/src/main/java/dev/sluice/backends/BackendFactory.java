package dev.sluice.backends;

import java.util.List;

/**
 * Makes backends of one kind; found by {@code ServiceLoader}, so that a new kind of hardware or
 * engine is a new package and no line of the gateway changes.
 */
public interface BackendFactory {

  /**
   * Name of the kind as written in the configuration, such as {@code emulated} or {@code sluice}.
   */
  String kind();

  /** The keys this kind takes beside those that every backend has. */
  List<Setting> settings();

  /** Whether the kind cannot work without a profile. */
  boolean needsProfile();

  /**
   * Makes a backend. Opens no connection before it is needed, so a backend that is down does not
   * fail the start.
   *
   * @throws InvalidSettingException if a value has the right type but cannot be used
   */
  Backend create(BackendSpec spec);
}
