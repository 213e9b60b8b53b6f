package dev.sluice.gateway.core;

import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Model;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model offers at one instant.
 *
 * @param model the model
 * @param kinds kinds of hardware that serve it
 * @param continuation the best that its backends declare of continuing each other's answers
 * @param abilities what one of its backends at least can do beyond answering in words
 * @param price what it costs
 * @param achievable a budget that a request of usual length would meet in nine of ten cases; null
 *     while nobody can be asked
 */
public record Offer(
    Model model,
    List<AcceleratorKind> kinds,
    Continuation continuation,
    Set<Ability> abilities,
    Price price,
    @Nullable Budget achievable) {

  public Offer {
    kinds = List.copyOf(kinds);
    abilities = Collections.unmodifiableSet(abilities);
  }

  /** US dollars per million tokens on the cheapest backend and on the dearest. */
  public record Price(double leastInput, double mostInput, double leastOutput, double mostOutput) {}
}
