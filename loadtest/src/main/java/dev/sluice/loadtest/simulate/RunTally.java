package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.loadtest.report.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Sums and histograms over the requests of one run: what its row in a table needs, however many
 * they are. Times are those of the requests that were answered in full.
 */
final class RunTally implements OutcomeSink {

  private static final long LEAST_NANOS = 1_000;
  private static final long MOST_NANOS = 3_600_000_000_000L;

  private final SequencedMap<String, Counts> byClass = new LinkedHashMap<>();
  private final SequencedMap<String, Counts> byKind = new TreeMap<>();
  private final SequencedMap<String, Long> byReason = new TreeMap<>();
  private final Counts all = new Counts();
  private final Histogram ttft = new Histogram(LEAST_NANOS, MOST_NANOS, 3);
  private final Histogram tpot = new Histogram(LEAST_NANOS, MOST_NANOS, 3);
  private double costUsd;
  private double joules;
  private long tokens;

  /** Requests and what became of them. */
  static final class Counts {
    private long requests;
    private long met;
    private long completed;
    private long refused;

    private void add(FinishedRequest finished) {
      requests++;
      met += finished.met() ? 1 : 0;
      completed += finished.ending().outcome() == Outcome.COMPLETED ? 1 : 0;
      refused += finished.ending().outcome() == Outcome.REFUSED ? 1 : 0;
    }

    long requests() {
      return requests;
    }

    long met() {
      return met;
    }

    long completed() {
      return completed;
    }

    long refused() {
      return refused;
    }

    /** Share of all arrivals that was answered within its budget; not a number without any. */
    double attainment() {
      return (double) met / requests;
    }
  }

  RunTally(List<String> classes) {
    classes.forEach(name -> byClass.put(name, new Counts()));
  }

  @Override
  public void accept(FinishedRequest finished) {
    all.add(finished);
    byClass
        .computeIfAbsent(finished.arrival().demand().serviceClass(), _ -> new Counts())
        .add(finished);
    Deployment deployment = finished.deployment();
    if (deployment != null) {
      byKind.computeIfAbsent(deployment.kind().name(), _ -> new Counts()).add(finished);
    }
    FinishedRequest.Answer answer = finished.answer();
    if (finished.ending().outcome() == Outcome.COMPLETED) {
      ttft.recordValue(Math.min(answer.ttftNanos(), MOST_NANOS));
      if (answer.tokens() > 1) {
        tpot.recordValue(Math.min(answer.tpotNanos(), MOST_NANOS));
      }
    } else {
      byReason.merge(finished.ending().reason(), 1L, Long::sum);
    }
    tokens += answer.tokens();
    costUsd += finished.spending().costUsd();
    joules += finished.spending().joules();
  }

  Counts all() {
    return all;
  }

  Map<String, Counts> byClass() {
    return byClass;
  }

  Map<String, Counts> byKind() {
    return byKind;
  }

  Map<String, Long> byReason() {
    return byReason;
  }

  double ttftMillis(double percent) {
    return ttft.getValueAtPercentile(percent) / 1e6;
  }

  double tpotMillis(double percent) {
    return tpot.getValueAtPercentile(percent) / 1e6;
  }

  double costUsd() {
    return costUsd;
  }

  double joules() {
    return joules;
  }

  long tokens() {
    return tokens;
  }
}
