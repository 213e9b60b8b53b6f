package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Engine.Power;
import dev.sluice.backends.profile.Engine.Scheduler;
import dev.sluice.backends.profile.Entry.EnergyFit;
import dev.sluice.backends.profile.Profile.Energy;
import dev.sluice.backends.profile.Service.Batch;
import dev.sluice.backends.profile.Service.BatchLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Service and energy of a continuous-batching engine, from its step costs. */
final class BatchDerivation {

  private final Setup setup;
  private final StepCosts costs;
  private final long kvTokens;

  BatchDerivation(Setup setup, StepCosts costs) {
    this.setup = setup;
    this.costs = costs;
    this.kvTokens = setup.kvTokens();
  }

  Batch service() {
    Scheduler scheduler = setup.engine().scheduler();
    return new Batch(
        costs.stepNanos(),
        costs.perSequenceNanos(),
        costs.perKvTokenNanos(),
        costs.perPromptTokenNanos(),
        costs.hostFloor(),
        new BatchLimits(
            (int) scheduler.chunk().base(),
            (int) scheduler.maxSequences().base(),
            kvTokens,
            (int) scheduler.block().base(),
            scheduler.prefixCache().base() != 0));
  }

  List<Figure> serviceFigures() {
    Provenance decode = costs.decode();
    Provenance derivation = costs.derivation();
    List<Figure> figures = new ArrayList<>();
    figures.add(figure("step (a)", costs.stepNanos() / 1e6, Unit.MILLISECONDS, decode));
    figures.add(
        figure("per sequence (b)", costs.perSequenceNanos() / 1e3, Unit.MICROSECONDS, decode));
    figures.add(
        figure("per cached token (g)", costs.perKvTokenNanos(), Unit.NANOSECONDS, derivation));
    figures.add(
        figure(
            "per prompt token (pi)",
            costs.perPromptTokenNanos() / 1e3,
            Unit.MICROSECONDS,
            derivation));
    if (costs.hostFloor().baseNanos() > 0) {
      figures.add(setup.engine().step().hostBase());
      figures.add(setup.engine().step().hostPerSequence());
    }
    figures.add(figure("cached tokens", (double) kvTokens, Unit.TOKENS, memoryOrigin()));
    figures.addAll(setup.engine().scheduler().figures());
    return figures;
  }

  private Provenance memoryOrigin() {
    return Provenance.derived(
        "memory left beside the weights",
        List.of(
            setup.hardware().memory(),
            setup.engine().memory().share(),
            setup.model().kvPerToken(),
            setup.precision().bytes()));
  }

  /** Measured where it was measured, else power times the time of the step's parts. */
  Energy energy(@Nullable EnergyFit measured) {
    Power shares = setup.engine().power();
    double watts = setup.watts();
    double perPromptToken = watts * shares.prompt().base() * costs.perPromptTokenNanos() / 1e9;
    double idle = watts * shares.idle().base();
    if (measured != null) {
      return new Energy(
          measured.perStep().base(), measured.perToken().base(), perPromptToken, idle);
    }
    double perSequenceNanos =
        costs.perSequenceNanos() + costs.perKvTokenNanos() * ProfileSheet.REFERENCE_CONTEXT_TOKENS;
    return new Energy(
        watts * shares.step().base() * costs.stepNanos() / 1e9,
        watts * shares.marginal().base() * perSequenceNanos / 1e9,
        perPromptToken,
        idle);
  }

  private static Figure figure(String name, double value, Unit unit, Provenance origin) {
    return new Figure(name, value, unit, origin);
  }
}
