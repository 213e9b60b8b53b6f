package dev.sluice.backends.emulated.server;

import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.emulated.fault.Misbehaviour;
import java.util.List;
import java.util.function.LongSupplier;

/** What the accelerator was told to do wrong, and to whom it does it. */
final class Misconduct {

  private final LongSupplier nanoClock;
  private volatile Told told;

  /** How one request is treated. */
  sealed interface Treatment {

    /** It is served. */
    record Served() implements Treatment {
      private static final Served SERVED = new Served();
    }

    /** It is turned away. */
    record Refused(Refusal refusal) implements Treatment {}

    /** It is taken and forgotten. */
    record Ignored() implements Treatment {}

    /** It is served, and then these happen. */
    record Failed(List<Misbehaviour> ways) implements Treatment {}
  }

  private record Told(Conduct conduct, long sinceNanos) {}

  Misconduct(Conduct conduct, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    told = new Told(conduct, nanoClock.getAsLong());
  }

  /** Replaces what it was told before; returns that. */
  Conduct tell(Conduct conduct) {
    Conduct before = told.conduct();
    told = new Told(conduct, nanoClock.getAsLong());
    return before;
  }

  Conduct conduct() {
    return told.conduct();
  }

  /** How a request of this id is treated now. */
  Treatment of(String requestId) {
    Told now = told;
    List<Misbehaviour> ways = now.conduct().towards(requestId);
    if (ways.isEmpty()) {
      return Treatment.Served.SERVED;
    }
    for (Misbehaviour way : ways) {
      if (way instanceof Misbehaviour.Refuse refuse) {
        return new Treatment.Refused(Refusal.told(refuse));
      }
      if (way instanceof Misbehaviour.Flap flap && isDown(flap, now.sinceNanos())) {
        return new Treatment.Refused(Refusal.flapping());
      }
      if (way instanceof Misbehaviour.Silent) {
        return new Treatment.Ignored();
      }
    }
    return new Treatment.Failed(ways);
  }

  private boolean isDown(Misbehaviour.Flap flap, long sinceNanos) {
    return (nanoClock.getAsLong() - sinceNanos) / flap.period().toNanos() % 2 == 0;
  }

  @Override
  public String toString() {
    return "Misconduct[" + told.conduct() + "]";
  }
}
