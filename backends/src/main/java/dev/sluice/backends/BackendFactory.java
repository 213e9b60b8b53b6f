package dev.sluice.backends;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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

  /** Whether its backends run in this process, so that there is no engine to start for them. */
  default boolean isInProcess() {
    return false;
  }

  /**
   * The settings of {@code spec} that {@link #create} would refuse, in their declared order; opens
   * nothing and starts nothing.
   *
   * <p>Judges what is there by itself and by the profile: a setting that is absent counts as unset
   * and a profile that is null as not known yet, since a configuration is checked as far as it can
   * be read. The id and the model are not looked at.
   */
  List<InvalidSetting> check(BackendSpec spec);

  /** What a backend that is made from {@code spec} can be asked for. */
  default Set<Task> tasks(BackendSpec spec) {
    return EnumSet.of(Task.GENERATE);
  }

  /**
   * What the continuation of an answer is worth on a backend that is made from {@code spec}. It is
   * declared, since no wire protocol tells.
   */
  default Continuation continuation(BackendSpec spec) {
    return Continuation.NONE;
  }

  /**
   * What a backend that is made from {@code spec} can do, so that it is not asked for what it would
   * refuse or ignore. It is declared as well.
   */
  default Set<Ability> abilities(BackendSpec spec) {
    return EnumSet.noneOf(Ability.class);
  }

  /**
   * Makes a backend. Opens no connection before it is needed, so a backend that is down does not
   * fail the start.
   *
   * @throws InvalidSettingException if {@link #check} finds fault with {@code spec}, or a profile
   *     is needed and there is none
   */
  Backend create(BackendSpec spec);
}
