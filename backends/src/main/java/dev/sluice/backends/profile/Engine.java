package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Unit.Dimension;
import java.util.ArrayList;
import java.util.List;

/**
 * What the serving software adds to any hardware.
 *
 * @param step constants of the step equation
 * @param memory how memory is shared out
 * @param scheduler what the scheduler allows
 * @param power what is drawn, as shares of full power
 */
record Engine(Step step, Memory memory, Scheduler scheduler, Power power) {

  /**
   * Constants of the step equation.
   *
   * @param base per step
   * @param perLayer per layer and step
   * @param allReduce latency of one exchange between devices
   * @param kvEfficiency share of the bandwidth reached when the cache is read
   * @param linkEfficiency share of the link's rate reached
   * @param hostBase least length of a step, set by the host
   * @param hostPerSequence what each sequence adds to it
   */
  record Step(
      Figure base,
      Figure perLayer,
      Figure allReduce,
      Figure kvEfficiency,
      Figure linkEfficiency,
      Figure hostBase,
      Figure hostPerSequence) {

    private static Step read(Section section) {
      Step step =
          new Step(
              section.figure("base", Dimension.TIME),
              section.figure("perLayer", Dimension.TIME),
              section.figure("allReduce", Dimension.TIME),
              section.figure("kvEfficiency", Dimension.NUMBER),
              section.figure("linkEfficiency", Dimension.NUMBER),
              section.figure("hostBase", Dimension.TIME),
              section.figure("hostPerSequence", Dimension.TIME));
      section.finish();
      return step;
    }

    List<Figure> figures() {
      return List.of(
          base, perLayer, allReduce, kvEfficiency, linkEfficiency, hostBase, hostPerSequence);
    }
  }

  /**
   * How memory is shared out.
   *
   * @param share of a device's memory that weights and cache can take
   * @param slotContext tokens that a running slot holds in the cache
   */
  record Memory(Figure share, Figure slotContext) {

    private static Memory read(Section section) {
      Memory memory =
          new Memory(
              section.figure("share", Dimension.NUMBER),
              section.figure("slotContext", Dimension.TOKENS));
      section.finish();
      return memory;
    }
  }

  /**
   * What the scheduler allows.
   *
   * @param chunk most tokens of one step
   * @param maxSequences most sequences at once
   * @param block tokens of one cache block
   * @param prefixCache 1 if blocks are kept and shared by prefix, else 0
   */
  record Scheduler(Figure chunk, Figure maxSequences, Figure block, Figure prefixCache) {

    private static Scheduler read(Section section) {
      Scheduler scheduler =
          new Scheduler(
              section.figure("chunk", Dimension.TOKENS),
              section.figure("maxSequences", Dimension.NUMBER),
              section.figure("block", Dimension.TOKENS),
              section.figureOrZero("prefixCache", Dimension.NUMBER));
      section.finish();
      return scheduler;
    }

    List<Figure> figures() {
      return List.of(chunk, maxSequences, block, prefixCache);
    }
  }

  /**
   * What is drawn, as shares of full power.
   *
   * @param step while the fixed part of a step runs
   * @param marginal while the part runs that grows with the batch
   * @param prompt while a prompt is processed
   * @param idle when nothing runs
   * @param slotIdle when nothing runs on an engine without a batch
   */
  record Power(Figure step, Figure marginal, Figure prompt, Figure idle, Figure slotIdle) {

    private static Power read(Section section) {
      Power power =
          new Power(
              section.figure("step", Dimension.NUMBER),
              section.figure("marginal", Dimension.NUMBER),
              section.figure("prompt", Dimension.NUMBER),
              section.figure("idle", Dimension.NUMBER),
              section.figure("slotIdle", Dimension.NUMBER));
      section.finish();
      return power;
    }
  }

  static Engine read(Section section) {
    Engine engine =
        new Engine(
            Step.read(section.section("step")),
            Memory.read(section.section("memory")),
            Scheduler.read(section.section("scheduler")),
            Power.read(section.section("power")));
    section.finish();
    return engine;
  }

  /** The figures that a batching engine's profile rests on. */
  List<Figure> batchFigures() {
    List<Figure> figures = new ArrayList<>(step.figures());
    figures.add(memory.share());
    figures.addAll(List.of(power.step(), power.marginal(), power.prompt(), power.idle()));
    return figures;
  }

  /** The figures that a slot engine's profile rests on. */
  List<Figure> slotFigures() {
    return List.of(memory.slotContext(), power.slotIdle());
  }
}
