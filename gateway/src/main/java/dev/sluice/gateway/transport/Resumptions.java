package dev.sluice.gateway.transport;

import dev.sluice.gateway.core.request.Resumption;
import org.jspecify.annotations.Nullable;

/** Reads which continuations will do, where it is said in a word. */
public final class Resumptions {

  private Resumptions() {}

  /** What {@code asked} means; null when it is empty. */
  public static @Nullable Resumption read(String field, String asked) throws UnreadableException {
    return switch (asked) {
      case "" -> null;
      case "never" -> Resumption.NEVER;
      case "exact" -> Resumption.EXACT;
      case "plausible" -> Resumption.PLAUSIBLE;
      default ->
          throw UnreadableException.malformed(
              field + ": another (expected: never, exact or plausible)");
    };
  }
}
