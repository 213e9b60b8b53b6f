package dev.sluice.gateway.registry;

import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.prediction.Learner;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.time.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet as it is now: one snapshot, replaced by each observation, and what was learned of it.
 *
 * <p>Observations are applied by whoever brings them. Labels are learned from on the registry's own
 * thread, a few milliseconds later, so that no request waits for learning.
 */
public final class FleetRegistry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FleetRegistry.class);

  /**
   * How often backends are asked whether they can be reached and how busy they are, and labels are
   * learned from. A failed attempt is told at once and does not wait for it; waking for each label
   * would cost its event loop more than learning it late.
   */
  private static final long PERIOD_MILLIS = 100;

  /** Room for a second of labels at ten thousand requests a second, three labels each. */
  private static final int MOST_LABELS = 32_768;

  private final AtomicReference<FleetSnapshot> snapshot;
  private final BlockingQueue<Label> labels = new ArrayBlockingQueue<>(MOST_LABELS);

  /** The registry's thread only. */
  private final Learner learner;

  private volatile Lengths lengths;
  private final ScheduledExecutorService prober =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sluice-registry").daemon().factory());

  /** A registry that begins with {@code initial}. */
  public FleetRegistry(FleetSnapshot initial) {
    snapshot = new AtomicReference<>(initial);
    learner = new Learner(initial.size());
    lengths = learner.lengths();
  }

  /**
   * How the registry asks.
   *
   * @param clock the time
   * @param seen what can be seen of the deployment with an index, without waiting
   */
  public record Probe(NanoClock clock, IntFunction<List<Observation>> seen) {}

  /** Asks for every deployment from now on, and learns, at a steady pace. */
  public void watch(Probe probe) {
    Future<?> _ =
        prober.scheduleWithFixedDelay(() -> round(probe), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void round(Probe probe) {
    try {
      ask(probe);
      learnAll(probe.clock().nanoTime());
    } catch (RuntimeException bug) {
      // an exception would end the schedule, and nobody would be asked any more
      LOG.error("the registry failed at a round and goes on", bug);
    }
  }

  private void ask(Probe probe) {
    for (int i = 0; i < snapshot().size(); i++) {
      probe.seen().apply(i).forEach(this::observe);
    }
    observe(new Observation.Tick(probe.clock().nanoTime()));
  }

  private void learnAll(long nowNanos) {
    List<Label> batch = new ArrayList<>();
    labels.drainTo(batch);
    for (Label label : batch) {
      learner.learn(label);
    }
    learner.passed(nowNanos);
    learner.changed().forEach(this::observe);
    lengths = learner.lengths();
  }

  /** Takes the outcome of a forecast to learn from soon; one that finds no room is forgotten. */
  public void learn(Label label) {
    boolean _ = labels.offer(label);
  }

  /** How long answers become, as learned so far. */
  public Lengths lengths() {
    return lengths;
  }

  /** The newest snapshot. */
  public FleetSnapshot snapshot() {
    return snapshot.get();
  }

  /** Applies {@code observation}. */
  public void observe(Observation observation) {
    FleetSnapshot before;
    FleetSnapshot after;
    do {
      before = snapshot.get();
      after = before.after(observation);
    } while (after != before && !snapshot.compareAndSet(before, after));
  }

  /** Stops asking. */
  @Override
  public void close() {
    prober.shutdownNow();
  }
}
