package dev.sluice.gateway;

import dev.sluice.gateway.core.admission.Means;
import dev.sluice.gateway.core.admission.Overload;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.time.NanoClock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks four times a second how far the process has used up its means, and tells those who have to
 * act on it (faults §5.6). What is to be done at which level is in {@link OverloadLevel}; what
 * follows from a reading, in {@link Overload}.
 */
final class OverloadWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);

  private static final int TICKS_PER_LOOK = 5;

  private final NanoClock clock;
  private final LagWatch lag;
  private final Supplier<Means> means;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sluice-overload").daemon().factory());

  private int ticks;
  private volatile Overload overload = Overload.NONE;
  private final LongAdder brokenOff = new LongAdder();

  /**
   * A watch that reads the means of which it tells the lag itself.
   *
   * @param means makes a reading, given what tells the share of lag
   */
  OverloadWatch(NanoClock clock, Function<DoubleSupplier, Supplier<Means>> means) {
    this.clock = clock;
    lag = new LagWatch(clock.nanoTime());
    this.means = means.apply(lag::share);
  }

  /**
   * Who has to act.
   *
   * @param levels hear of the level when it changes, and at each look while it is not calm: what
   *     came meanwhile does not know of it
   * @param breakOff breaks off the answer that holds most memory
   */
  record Acting(List<Consumer<OverloadLevel>> levels, Runnable breakOff) {
    Acting {
      levels = List.copyOf(levels);
    }
  }

  /** Looks at a steady pace from now on. */
  void begin(Acting acting) {
    Future<?> _ =
        ticker.scheduleWithFixedDelay(
            () -> tick(acting), 0, LagWatch.TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  /** One tick: counts its lag, and looks now and then. */
  void tick(Acting acting) {
    lag.ticked(clock.nanoTime());
    if (ticks++ % TICKS_PER_LOOK == 0) {
      try {
        look(acting);
      } catch (RuntimeException bug) {
        // an exception would end the schedule, and nobody would look any more
        LOG.error("a look at the process's means failed; the next follows", bug);
      }
    }
  }

  private void look(Acting acting) {
    Overload before = overload;
    Overload now = before.next(means.get());
    overload = now;
    if (now.level() != before.level()) {
      LOG.warn("overload: from {} to {}, {}", before.level(), now.level(), now.means());
    }
    if (now.level() != before.level() || now.level() != OverloadLevel.CALM) {
      acting.levels().forEach(hearing -> hearing.accept(now.level()));
    }
    if (now.breaksOff()) {
      brokenOff.increment();
      acting.breakOff().run();
    }
  }

  /** How far the means are used up. */
  OverloadLevel level() {
    return overload.level();
  }

  /** The newest reading. */
  Means means() {
    return overload.means();
  }

  /** How often an answer was to be broken off. */
  long brokenOff() {
    return brokenOff.sum();
  }

  /** Looks no more. */
  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
