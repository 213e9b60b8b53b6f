package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.model.EnergyUse;
import dev.sluice.backends.emulated.model.EngineLoad;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One run in virtual time: events in the order of their instants, each brought to the gateway.
 *
 * @implNote Four things can be next, and each knows its own instant: an engine's event, a deadline,
 *     a timer, an arrival, in this order when they are due at once. No list of all events is kept:
 *     engines are advanced only when one of their events is due, of the arrivals one is known, and
 *     of the open requests each has one deadline. So an event costs the logarithm of the number of
 *     engines or of open requests, and memory is that of the open requests.
 */
final class Simulation {

  private final Accelerators accelerators;
  private final VirtualGateway gateway;
  private final long reportDelayNanos;
  private final DueHeap timers = new DueHeap();
  private final List<Fault> faults;
  private int faultsDone;
  private ArrivalQueue arrivals = ArrivalQueue.empty();

  /**
   * A run that has not begun.
   *
   * @param rules what the gateway goes by
   * @param faults what breaks
   * @param seed of every draw of the gateway and of the engines
   * @param sink hears of each request that ended
   */
  Simulation(VirtualGateway.Rules rules, List<Fault> faults, long seed, OutcomeSink sink) {
    SplittableRandom root = new SplittableRandom(seed);
    SplittableRandom routing = root.split();
    accelerators = new Accelerators(rules.fleet().engines(), root.split());
    gateway = new VirtualGateway(rules, accelerators, routing, ended -> take(ended, sink), timers);
    reportDelayNanos = rules.disclosure().reportDelayNanos();
    this.faults = faults.stream().sorted(Comparator.comparingLong(Fault::atNanos)).toList();
  }

  private void take(FinishedRequest ended, OutcomeSink sink) {
    sink.accept(ended);
    arrivals.ended(ended.arrival(), gateway.nowNanos());
  }

  /**
   * Plays everything that {@code coming} holds; returns when the last request ended, since the
   * start.
   */
  long play(ArrivalQueue coming) throws IOException {
    begin(coming);
    while (advance()) {
      // each call is one event
    }
    return gateway.nowNanos();
  }

  /** Makes ready to play {@code coming}; once. */
  void begin(ArrivalQueue coming) {
    arrivals = coming;
    set(VirtualTimer.PROBE, 0);
    set(VirtualTimer.TICK, 0);
    set(VirtualTimer.LEARN, 0);
    setNextFault();
  }

  /** Lets the next event happen; false when all is over. */
  boolean advance() throws IOException {
    Arrival arrival = arrivals.first();
    long nowNanos = nextNanos();
    if (arrival != null && arrival.atNanos() < nowNanos) {
      arrivals.remove();
      gateway.at(arrival.atNanos());
      gateway.arrive(arrival);
      return true;
    }
    if (arrival == null && gateway.inFlight() == 0) {
      return false;
    }
    gateway.at(nowNanos);
    happen(nowNanos);
    return true;
  }

  /** Where the gateway stands; for tests and for those who watch. */
  VirtualGateway gateway() {
    return gateway;
  }

  /** Energy that the accelerator with this index has used by {@code nowNanos}. */
  EnergyUse energy(int index, long nowNanos) {
    return accelerators.get(index).energy(nowNanos);
  }

  /** How busy the accelerator with this index is. */
  EngineLoad engineLoad(int index) {
    return accelerators.get(index).load();
  }

  private void set(VirtualTimer timer, long nanos) {
    timers.set(timer.rank(), nanos);
  }

  private void setNextFault() {
    set(
        VirtualTimer.FAULT,
        faultsDone < faults.size() ? faults.get(faultsDone).atNanos() : DueHeap.NEVER);
  }

  private long nextNanos() {
    return Math.min(
        accelerators.nextNanos(), Math.min(gateway.nextWakeNanos(), timers.firstNanos()));
  }

  private void happen(long nowNanos) {
    if (accelerators.nextNanos() == nowNanos) {
      accelerators.advanceFirst(gateway);
    } else if (gateway.nextWakeNanos() == nowNanos) {
      gateway.wake();
    } else {
      fire(VirtualTimer.of(timers.first()), nowNanos);
    }
  }

  private void fire(VirtualTimer timer, long nowNanos) {
    switch (timer) {
      case FAULT -> {
        strike(faults.get(faultsDone++));
        setNextFault();
      }
      case PROBE -> {
        gateway.probe();
        set(timer, nowNanos + VirtualGateway.ROUND_NANOS);
        set(VirtualTimer.REPORTS, nowNanos + reportDelayNanos);
      }
      case REPORTS -> {
        gateway.reports();
        set(timer, DueHeap.NEVER);
      }
      case TICK -> {
        gateway.tick();
        set(timer, nowNanos + VirtualGateway.ROUND_NANOS);
      }
      case LEARN -> {
        gateway.learnAll();
        set(timer, nowNanos + VirtualGateway.ROUND_NANOS);
      }
      case REVIEW -> {
        set(timer, DueHeap.NEVER);
        gateway.review();
      }
    }
  }

  private void strike(Fault fault) {
    switch (fault) {
      case Fault.Vanish(_, int deployment) -> gateway.vanished(deployment);
      case Fault.ComeBack(_, int deployment) -> gateway.cameBack(deployment);
    }
  }

  @Override
  public String toString() {
    return "Simulation[" + gateway + "]";
  }
}
