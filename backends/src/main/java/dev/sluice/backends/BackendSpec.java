package dev.sluice.backends;

import dev.sluice.backends.profile.Profile;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of one backend.
 *
 * @param id name of the backend, unique within the fleet
 * @param model name of the model to ask it for
 * @param profile figures of its hardware and model; null when the configuration names none
 * @param settings values of the kind's own {@link Setting}s, typed by their declaration: String,
 *     Long, Double, Long nanoseconds or Boolean
 */
public record BackendSpec(
    String id, String model, @Nullable Profile profile, Map<String, Object> settings) {

  /** Value of the text setting {@code name}, or {@code otherwise} when it is not set. */
  public String text(String name, String otherwise) {
    return settings.get(name) instanceof String value ? value : otherwise;
  }

  /**
   * Value of the whole-number or duration setting {@code name}, or {@code otherwise} when it is not
   * set.
   */
  public long number(String name, long otherwise) {
    return settings.get(name) instanceof Long value ? value : otherwise;
  }

  /** Value of the number setting {@code name}, or {@code otherwise} when it is not set. */
  public double real(String name, double otherwise) {
    return settings.get(name) instanceof Number value ? value.doubleValue() : otherwise;
  }

  /** Value of the flag {@code name}, or {@code otherwise} when it is not set. */
  public boolean flag(String name, boolean otherwise) {
    return settings.get(name) instanceof Boolean value ? value : otherwise;
  }
}
