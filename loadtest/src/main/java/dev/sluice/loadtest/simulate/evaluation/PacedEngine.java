package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;

/**
 * An engine whose time runs at a pace of its own: the model's nanoseconds are stretched. The pace
 * is taken anew at each of its events.
 */
final class PacedEngine {

  private final Engine engine;
  private final Pace pace;
  private long nowNanos;
  private long engineNanos;

  PacedEngine(Engine engine, Pace pace) {
    this.engine = engine;
    this.pace = pace;
  }

  void submit(Sequence sequence) {
    engine.submit(sequence, engineNanos);
  }

  /** The instant of the next event; {@link Engine#NEVER} when idle. */
  long nextEventNanos() {
    long next = engine.nextEventNanos();
    return next == Engine.NEVER
        ? Engine.NEVER
        : nowNanos + (long) Math.ceil(Math.max(0, next - engineNanos) * ratio());
  }

  /** Lets everything happen that is due by {@code untilNanos}, not later than the next event. */
  void advanceTo(long untilNanos, EngineListener listener) {
    long next = engine.nextEventNanos();
    boolean due = next != Engine.NEVER && untilNanos >= nextEventNanos();
    long passed = (long) ((untilNanos - nowNanos) / ratio());
    engineNanos = due ? Math.max(engineNanos, next) : Math.min(engineNanos + passed, next - 1);
    nowNanos = untilNanos;
    engine.advanceTo(engineNanos, listener);
  }

  private double ratio() {
    return pace.ratio(nowNanos, engine.load().running());
  }

  /** Most tokens of one sequence, prompt and answer together. */
  int longestSequenceTokens() {
    return engine.longestSequenceTokens();
  }
}
