package dev.sluice.gateway.core;

import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.prediction.Forecaster;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.gateway.core.selection.Rules;
import dev.sluice.gateway.core.selection.Selection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what models offer.
 *
 * @param fleet who is there
 * @param caps what holds for the site
 * @param nowNanos the instant
 */
record Offers(FleetSnapshot fleet, Caps caps, long nowNanos) {

  Offer of(Model model, RandomGenerator random) {
    List<Pool> pools = fleet.pools(model.name());
    Continuation best = Continuation.NONE;
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    for (Pool pool : pools) {
      Continuation own = pool.example().continuation();
      best = own.compareTo(best) > 0 ? own : best;
      abilities.addAll(pool.example().skills().abilities());
    }
    return new Offer(
        model,
        kinds(pools),
        model.task() == Task.GENERATE ? best : Continuation.NONE,
        abilities,
        price(model, pools),
        achievable(usual(model), random));
  }

  private List<AcceleratorKind> kinds(List<Pool> pools) {
    Set<AcceleratorKind> kinds = EnumSet.noneOf(AcceleratorKind.class);
    for (Pool pool : pools) {
      for (int index : pool.members()) {
        if (fleet.get(index).reachable()) {
          kinds.add(pool.example().kind());
        }
      }
    }
    return new ArrayList<>(kinds);
  }

  private static Offer.Price price(Model model, List<Pool> pools) {
    double leastInput = Double.POSITIVE_INFINITY;
    double mostInput = 0;
    double leastOutput = Double.POSITIVE_INFINITY;
    double mostOutput = 0;
    for (Pool pool : pools) {
      Deployment deployment = pool.example();
      double input = deployment.perMillionInputUsd();
      leastInput = Math.min(leastInput, input);
      mostInput = Math.max(mostInput, input);
      double output = model.task() == Task.EMBED ? 0 : deployment.perMillionOutputUsd();
      leastOutput = Math.min(leastOutput, output);
      mostOutput = Math.max(mostOutput, output);
    }
    return pools.isEmpty()
        ? new Offer.Price(0, 0, 0, 0)
        : new Offer.Price(leastInput, mostInput, leastOutput, mostOutput);
  }

  /** What the candidate can do that would be done first. */
  private @Nullable Budget achievable(AdmittedRequest usual, RandomGenerator random) {
    Rules rules = new Rules(usual, fleet, _ -> false, caps, nowNanos);
    Selection free = Selection.orDesperate(rules, false, random);
    Selection candidates =
        free.size() > 0 ? free : Selection.orDesperate(rules.withoutLimits(), false, random);
    Forecaster forecaster = new Forecaster(usual, nowNanos);
    double least = Double.POSITIVE_INFINITY;
    Budget achievable = null;
    for (DeploymentState candidate : candidates.candidates()) {
      forecaster.on(candidate, 0);
      if (forecaster.totalNanos() < least) {
        least = forecaster.totalNanos();
        achievable = forecaster.safeBudget();
      }
    }
    return achievable;
  }

  /** A request of usual length, or of as much of it as the context holds, from nobody. */
  private AdmittedRequest usual(Model model) {
    int outputTokens =
        switch (model.task()) {
          case GENERATE -> Math.min(Figures.USUAL_OUTPUT_TOKENS, (model.contextTokens() + 1) / 2);
          case EMBED -> 1;
        };
    int promptTokens =
        Math.min(Figures.USUAL_PROMPT_TOKENS, Math.max(1, model.contextTokens() - outputTokens));
    Size size =
        switch (model.task()) {
          case GENERATE -> new Size(promptTokens, outputTokens, outputTokens);
          case EMBED -> Size.ofInputs(promptTokens, promptTokens, Prefix.NONE);
        };
    InferenceRequest request =
        new InferenceRequest(
            "",
            model.name(),
            size,
            Budget.NONE,
            "",
            Constraints.NONE,
            new InferenceRequest.Timing(nowNanos, Long.MAX_VALUE));
    return new AdmittedRequest(
        request,
        model,
        ServiceClass.NONE,
        Budget.NONE,
        Long.MAX_VALUE,
        OutputLength.hinted(outputTokens, outputTokens));
  }
}
