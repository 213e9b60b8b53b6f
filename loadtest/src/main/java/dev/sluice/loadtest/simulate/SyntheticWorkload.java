package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.SimulatedTrace;
import java.io.IOException;
import java.util.List;

/**
 * Requests that are drawn, for a length of time.
 *
 * @param name what it is called
 * @param sha256 checksum of what describes it
 * @param seconds how long requests come
 * @param traffic their kinds
 * @param surge when there are more of them
 */
record SyntheticWorkload(
    String name, String sha256, double seconds, List<Traffic> traffic, Surge surge)
    implements Workload {

  /** A workload without a surge. */
  SyntheticWorkload(String name, String sha256, double seconds, List<Traffic> traffic) {
    this(name, sha256, seconds, traffic, Surge.NONE);
  }

  SyntheticWorkload {
    traffic = List.copyOf(traffic);
    if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY) || traffic.isEmpty()) {
      throw new IllegalArgumentException(
          "workload: %s s, %d kinds of traffic (expected: above 0, at least 1)"
              .formatted(seconds, traffic.size()));
    }
  }

  /** The same requests without those that the surge adds. */
  SyntheticWorkload calm() {
    return new SyntheticWorkload(name, sha256, seconds, traffic);
  }

  @Override
  public List<String> classNames() {
    return traffic.stream().map(each -> each.demand().serviceClass()).distinct().toList();
  }

  @Override
  public SimulatedTrace description() throws IOException {
    long requests = 0;
    try (ArrivalSource arrivals = arrivals(1, 1)) {
      while (arrivals.next() != null) {
        requests++;
      }
    }
    return new SimulatedTrace(name, sha256, requests, seconds);
  }

  @Override
  public ArrivalSource arrivals(double scale, long seed) {
    return new SyntheticArrivals(this, scale, seed);
  }
}
