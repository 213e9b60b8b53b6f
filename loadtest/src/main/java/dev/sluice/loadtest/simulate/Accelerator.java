package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.EngineSettings;
import dev.sluice.backends.emulated.model.EnergyUse;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.EngineLoad;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.profile.Service;
import java.util.random.RandomGenerator;

/**
 * One emulated accelerator: the engine, and the rules of its front door, which are those of the
 * emulated backend in real time.
 */
final class Accelerator {

  /** What became of a sequence at the front door. */
  enum Entry {
    /** The engine has it. */
    TAKEN,
    /** Nobody is there. */
    GONE,
    /** It would never fit. */
    TOO_LONG,
    /** Too many wait. */
    FULL
  }

  private static final EngineListener NOBODY = new EngineListener() {};

  private final EngineSettings settings;
  private final RandomGenerator random;
  private Engine engine;
  private int contextTokens;
  private boolean gone;

  /** Energy of the engines that were lost. */
  private double lostRequestJoules;

  private double lostIdleJoules;

  Accelerator(EngineSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    engine = settings.engine(0, random);
    contextTokens = Math.min(settings.profile().contextTokens(), engine.longestSequenceTokens());
  }

  Entry enter(Sequence sequence, long nowNanos) {
    if (gone) {
      return Entry.GONE;
    }
    if (sequence.promptTokens() >= contextTokens) {
      return Entry.TOO_LONG;
    }
    EngineLoad load = engine.load();
    if (load.running() + load.waiting() >= engine.capacity() + settings.maxWaiting()) {
      return Entry.FULL;
    }
    engine.submit(sequence, nowNanos);
    return Entry.TAKEN;
  }

  void cancel(Sequence sequence, long nowNanos) {
    engine.cancel(sequence, nowNanos);
  }

  void advanceTo(long nowNanos, EngineListener listener) {
    engine.advanceTo(nowNanos, listener);
  }

  long nextNanos() {
    return gone ? Engine.NEVER : engine.nextEventNanos();
  }

  /** Tokens of {@code sequence} that are out; all events up to now must have happened. */
  int tokens(Sequence sequence, long nowNanos) {
    engine.advanceTo(nowNanos, NOBODY);
    return engine.tokens(sequence);
  }

  EngineLoad load() {
    return engine.load();
  }

  boolean isGone() {
    return gone;
  }

  /** Most tokens that an answer to a prompt of this length can have here. */
  int roomFor(int promptTokens) {
    return Math.max(1, contextTokens - promptTokens);
  }

  /** Tokens of a block that prompts share; 0 when they share none. */
  int sharedBlockTokens() {
    return settings.profile().service() instanceof Service.Batch batch
            && batch.limits().prefixCache()
        ? batch.limits().blockTokens()
        : 0;
  }

  /** Everything that the engine holds is lost, and nobody answers any more. */
  void vanish(long nowNanos) {
    if (!gone) {
      EnergyUse used = energy(nowNanos);
      lostRequestJoules = used.requestJoules();
      lostIdleJoules = used.idleJoules();
      gone = true;
    }
  }

  /** An idle engine is there again. */
  void comeBack(long nowNanos) {
    if (gone) {
      gone = false;
      engine = settings.engine(nowNanos, random);
    }
  }

  /** Energy used since the start of the run. */
  EnergyUse energy(long nowNanos) {
    if (gone) {
      return new EnergyUse(lostRequestJoules, lostIdleJoules);
    }
    engine.advanceTo(nowNanos, NOBODY);
    EnergyUse used = engine.energy();
    return new EnergyUse(
        lostRequestJoules + used.requestJoules(), lostIdleJoules + used.idleJoules());
  }

  @Override
  public String toString() {
    return "Accelerator[" + settings.profile().name() + (gone ? ", gone" : ", " + engine) + "]";
  }
}
