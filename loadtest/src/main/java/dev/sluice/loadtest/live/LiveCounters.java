package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.report.RequestResult;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;

/** What the live view shows of a session, and its requests in flight. */
final class LiveCounters {
  private static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder arrivals = new LongAdder();
  private final LongAdder attained = new LongAdder();
  private final AtomicHistogram ttft = new AtomicHistogram(1_000, HIGHEST_NANOS, 2);

  void sent() {
    sent.increment();
    inFlight.incrementAndGet();
  }

  void closed() {
    inFlight.decrementAndGet();
  }

  void finished(RequestResult result) {
    arrivals.increment();
    if (result.attained()) {
      attained.increment();
    }
    boolean completed = result.ending().outcome() == Outcome.COMPLETED;
    long nanos = result.times().firstTokenNanos() - result.times().intendedNanos();
    ttft.recordValue(completed ? Math.clamp(nanos, 0, HIGHEST_NANOS) : HIGHEST_NANOS);
  }

  int inFlight() {
    return inFlight.get();
  }

  long sentCount() {
    return sent.sum();
  }

  /** Share of the requests that have ended and kept their budget; 1 before the first. */
  double attainment() {
    long ended = arrivals.sum();
    return ended == 0 ? 1 : (double) attained.sum() / ended;
  }

  double ttftMillis(double percentile) {
    return ttft.getValueAtPercentile(percentile) / 1e6;
  }
}
