package dev.sluice.gateway.dispatch;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A bulkhead for each backend: most calls that may be under way there at once, so that one that
 * takes ever more and answers nothing holds no more than its share of our connections and memory.
 *
 * <p>It steers no decision: whom a request is sent to goes by the limit that {@code core.fleet}
 * learns, but not under every policy and not in despair. Where that would be too much, the call is
 * not made, and the attempt fails as one that the backend refused.
 */
final class Bulkheads {

  private final int most;
  private final List<Bulkhead> ofBackend;

  Bulkheads(int backends, int most) {
    this.most = most;
    BulkheadConfig config =
        BulkheadConfig.custom().maxConcurrentCalls(most).maxWaitDuration(Duration.ZERO).build();
    ofBackend =
        IntStream.range(0, backends)
            .mapToObj(index -> Bulkhead.of(Integer.toString(index), config))
            .toList();
  }

  /** Takes a place at a backend, if there is one; it must be given back. */
  boolean tryEnter(int deployment) {
    return ofBackend.get(deployment).tryAcquirePermission();
  }

  /** Gives a place back. */
  void leave(int deployment) {
    ofBackend.get(deployment).onComplete();
  }

  /** Why there is no place. */
  String full() {
    return "has " + most + " calls of this gateway (limits.max_in_flight_per_backend)";
  }
}
