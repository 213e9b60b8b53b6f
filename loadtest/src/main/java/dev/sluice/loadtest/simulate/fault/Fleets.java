package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Skills;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws fleets: a few backends of one or two models, which are more or less what is said of them.
 */
final class Fleets {

  static final List<String> MODELS = List.of("one", "other");
  static final int CONTEXT_TOKENS = 4096;

  private static final int MOST_BACKENDS = 6;
  private static final double TWO_MODELS = 0.25;

  /** Tokens of a prompt of usual length, which the forecast's share per token is made of. */
  private static final double USUAL_PROMPT_TOKENS = 200;

  private static final double OVERHEAD_NANOS = 1e6;
  private static final double PER_HOUR_USD = 10;

  private Fleets() {}

  static List<Script> drawn(Draw draw) {
    int models = draw.chance(TWO_MODELS) ? 2 : 1;
    int backends = draw.between(models, MOST_BACKENDS);
    List<Script> fleet = new ArrayList<>();
    for (int i = 0; i < backends; i++) {
      fleet.add(script(draw, i, MODELS.get(i % models)));
    }
    return List.copyOf(fleet);
  }

  private static Script script(Draw draw, int index, String model) {
    double perTokenNanos = draw.logarithmic(2e6, 25e6);
    double firstTokenNanos = draw.logarithmic(15e6, 300e6);
    int places = draw.between(1, 5);
    boolean slots = draw.chance(0.5);
    Figures figures =
        slots
            ? slots(perTokenNanos, firstTokenNanos, places)
            : batch(perTokenNanos, firstTokenNanos, places);
    Deployment deployment =
        new Deployment(
            index,
            new Deployment.Identity(
                "backend-" + index,
                model,
                slots ? AcceleratorKind.LPU : AcceleratorKind.GPU,
                "",
                "",
                ""),
            figures,
            new Economics(
                draw.logarithmic(PER_HOUR_USD / 4, PER_HOUR_USD * 4),
                0,
                0,
                new Economics.Energy(0, 0, 0)),
            CONTEXT_TOKENS,
            List.of(),
            new Skills(continuation(draw)));
    return new Script(
        deployment,
        (long) (firstTokenNanos * draw.uniform(0.6, 1.8)),
        (long) (perTokenNanos * draw.uniform(0.7, 1.6)),
        places,
        draw.between(0, 2 * places),
        draw.logarithmicNanos(0.1e6, 4e6));
  }

  private static Figures slots(double perTokenNanos, double firstTokenNanos, int places) {
    return new Figures.Slots(
        perTokenNanos,
        places,
        firstTokenNanos / USUAL_PROMPT_TOKENS,
        perTokenNanos,
        OVERHEAD_NANOS);
  }

  private static Figures batch(double perTokenNanos, double firstTokenNanos, int places) {
    return new Figures.Batch(
        perTokenNanos * 0.9,
        perTokenNanos * 0.1 / places,
        0,
        firstTokenNanos / USUAL_PROMPT_TOKENS,
        new Figures.Floor(0, 0),
        new Figures.Limits(2048, places, 100_000, 0),
        OVERHEAD_NANOS);
  }

  private static Continuation continuation(Draw draw) {
    if (draw.chance(0.7)) {
      return Continuation.EXACT;
    }
    return draw.chance(0.5) ? Continuation.PLAUSIBLE : Continuation.NONE;
  }
}
