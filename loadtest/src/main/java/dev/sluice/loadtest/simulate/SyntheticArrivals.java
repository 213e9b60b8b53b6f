package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.PrefixBlocks;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Drawn requests in the order of their arrival. Each kind of traffic has generators of its own, so
 * that one kind more, or another rate of one, leaves the others' gaps and lengths as they were; and
 * so does a surge, whose requests are kinds of their own.
 */
final class SyntheticArrivals implements ArrivalSource {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Kind[] kinds;
  private long count;

  /** Requests of one kind, and when the next of them comes. */
  private static final class Kind {
    final Traffic traffic;
    final double perSecond;
    final double endNanos;
    final SplittableRandom gapRandom;
    final SplittableRandom lengthRandom;
    double nextNanos;

    Kind(Traffic traffic, double perSecond, double endNanos, SplittableRandom root) {
      this.traffic = traffic;
      this.perSecond = perSecond;
      this.endNanos = endNanos;
      gapRandom = root.split();
      lengthRandom = root.split();
    }

    void draw() {
      double gaps = traffic.arrivals().drawGap(gapRandom);
      nextNanos += gaps * NANOS_PER_SECOND / perSecond;
      if (nextNanos >= endNanos) {
        nextNanos = Double.POSITIVE_INFINITY;
      }
    }
  }

  SyntheticArrivals(SyntheticWorkload workload, double scale, long seed) {
    List<Traffic> traffic = workload.traffic();
    Surge surge = workload.surge();
    SplittableRandom root = new SplittableRandom(seed);
    kinds = new Kind[surge.happens() ? 2 * traffic.size() : traffic.size()];
    for (int i = 0; i < kinds.length; i++) {
      Traffic each = traffic.get(i % traffic.size());
      double perSecond = each.perSecond() * scale;
      if (i < traffic.size()) {
        kinds[i] = new Kind(each, perSecond, workload.seconds() * NANOS_PER_SECOND, root);
      } else {
        kinds[i] = new Kind(each, perSecond * (surge.factor() - 1), surge.untilNanos(), root);
        kinds[i].nextNanos = surge.fromNanos();
      }
      kinds[i].draw();
    }
  }

  @Override
  public @Nullable Arrival next() {
    Kind first = kinds[0];
    for (Kind kind : kinds) {
      first = kind.nextNanos < first.nextNanos ? kind : first;
    }
    double atNanos = first.nextNanos;
    if (atNanos == Double.POSITIVE_INFINITY) {
      return null;
    }
    first.draw();
    Traffic own = first.traffic;
    return new Arrival(
        count++,
        (long) atNanos,
        own.prompt().draw(first.lengthRandom),
        own.output().draw(first.lengthRandom),
        own.demand(),
        PrefixBlocks.NONE);
  }
}
