package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.PrefixBlocks;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Drawn requests in the order of their arrival. Each kind of traffic has generators of its own, so
 * that one kind more, or another rate of one, leaves the others' gaps and lengths as they were.
 */
final class SyntheticArrivals implements ArrivalSource {

  private static final double NANOS_PER_SECOND = 1e9;

  private final List<Traffic> traffic;
  private final double scale;
  private final double endNanos;
  private final SplittableRandom[] gapRandoms;
  private final SplittableRandom[] lengthRandoms;
  private final double[] nextNanos;
  private long count;

  SyntheticArrivals(SyntheticWorkload workload, double scale, long seed) {
    this.traffic = workload.traffic();
    this.scale = scale;
    this.endNanos = workload.seconds() * NANOS_PER_SECOND;
    SplittableRandom root = new SplittableRandom(seed);
    gapRandoms = new SplittableRandom[traffic.size()];
    lengthRandoms = new SplittableRandom[traffic.size()];
    nextNanos = new double[traffic.size()];
    for (int kind = 0; kind < nextNanos.length; kind++) {
      gapRandoms[kind] = root.split();
      lengthRandoms[kind] = root.split();
      draw(kind);
    }
  }

  private void draw(int kind) {
    Traffic own = traffic.get(kind);
    double gaps = own.arrivals().drawGap(gapRandoms[kind]);
    nextNanos[kind] += gaps * NANOS_PER_SECOND / (own.perSecond() * scale);
  }

  @Override
  public @Nullable Arrival next() {
    int first = 0;
    for (int kind = 1; kind < nextNanos.length; kind++) {
      first = nextNanos[kind] < nextNanos[first] ? kind : first;
    }
    double atNanos = nextNanos[first];
    if (atNanos >= endNanos) {
      return null;
    }
    draw(first);
    Traffic own = traffic.get(first);
    return new Arrival(
        count++,
        (long) atNanos,
        own.prompt().draw(lengthRandoms[first]),
        own.output().draw(lengthRandoms[first]),
        own.demand(),
        PrefixBlocks.NONE);
  }
}
