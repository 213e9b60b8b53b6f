package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.Ability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a deployment can do beyond answering in words from the beginning.
 *
 * @param continuation what its continuation of an answer is worth that another began
 * @param abilities what else
 */
public record Skills(Continuation continuation, Set<Ability> abilities) {

  /** Nothing beyond. */
  public static final Skills NONE = new Skills(Continuation.NONE);

  public Skills {
    abilities = Collections.unmodifiableSet(abilities);
  }

  /** Continuations only. */
  public Skills(Continuation continuation) {
    this(continuation, EnumSet.noneOf(Ability.class));
  }
}
