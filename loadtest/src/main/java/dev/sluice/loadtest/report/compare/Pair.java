package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two sides, metric by metric. */
final class Pair {
  /**
   * One metric.
   *
   * @param first the figure of the baseline; NaN: not told, infinite: among the failures
   * @param second the figure of what is compared with it
   * @param interval of the difference: of attainment as such, else in parts of the first figure
   */
  record Row(Metric metric, double first, double second, Optional<Interval> interval) {
    /** A metric without an interval. */
    Row(Metric metric, double first, double second) {
      this(metric, first, second, Optional.empty());
    }

    /** The difference in the unit of the interval. */
    double difference() {
      if (first == second) {
        return 0;
      }
      return metric == Metric.ATTAINMENT ? second - first : second / first - 1;
    }

    Judgement judgement() {
      return Judgement.of(metric, interval);
    }
  }

  private final Side first;
  private final Side second;
  private final Evidence evidence;

  Pair(Side first, Side second) throws IOException, ReportException {
    this.first = first.withSeedsOf(second);
    this.second = second.withSeedsOf(first);
    this.evidence = Evidence.of(this.first, this.second);
  }

  Side first() {
    return first;
  }

  Side second() {
    return second;
  }

  Evidence evidence() {
    return evidence;
  }

  /**
   * A row for each metric.
   *
   * @param decisive the metric of the verdict, whose interval has these tails; the intervals of the
   *     others hold together
   */
  List<Row> rows(Metric decisive, double tail) {
    List<Row> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      rows.add(row(metric, metric == decisive ? tail : tail / (Metric.values().length - 1)));
    }
    return rows;
  }

  Row row(Metric metric, double tail) {
    double before = first.figure(metric);
    double after = second.figure(metric);
    Optional<Interval> interval =
        Double.isFinite(before) && Double.isFinite(after)
            ? evidence.interval(metric, tail)
            : Optional.empty();
    return new Row(metric, before, after, interval);
  }

  /** Fails unless both sides tell the metric. */
  void require(Metric metric) throws ReportException {
    for (Side side : List.of(first, second)) {
      for (LoadedRun run : side.runs()) {
        run.figure(metric);
      }
    }
  }
}
