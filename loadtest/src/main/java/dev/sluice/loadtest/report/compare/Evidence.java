package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Interval;
import dev.sluice.loadtest.report.Intervals;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the interval of a difference rests on. Differences are second side − first side: of the
 * attainment as such, of every other figure in parts of the first side's.
 */
sealed interface Evidence {
  /** With fewer seeds, batches of time say more. */
  int FEWEST_SEEDS = 5;

  /** Half the width of a 95 % interval in standard errors. */
  double NORMAL_REACH = 1.96;

  /** The interval of a metric's difference; empty when this evidence has none. */
  Optional<Interval> interval(Metric metric, double tail);

  /** What it is, in one line. */
  String describe();

  /** The strongest that two sides have. */
  static Evidence of(Side first, Side second) throws IOException, ReportException {
    boolean same = first.sameRequests(second);
    if (same && first.runs().size() >= FEWEST_SEEDS) {
      return new OfSeeds(first, second);
    }
    List<Sample> mine = first.samples();
    List<Sample> theirs = mine.isEmpty() ? List.of() : second.samples();
    if (!theirs.isEmpty()) {
      return new OfRequests(first, second, mine, theirs, same && sameIds(mine, theirs));
    }
    Batches mySlices = Batches.metBySlices(first.runs());
    Batches theirSlices = Batches.metBySlices(second.runs());
    if (mySlices.total() >= Batches.FEWEST_REQUESTS
        && theirSlices.total() >= Batches.FEWEST_REQUESTS) {
      return new OfSlices(first, second, mySlices, theirSlices, same);
    }
    return new OfCounts(first, second);
  }

  private static boolean sameIds(List<Sample> mine, List<Sample> theirs) {
    boolean same = mine.size() == theirs.size();
    for (int seed = 0; same && seed < mine.size(); seed++) {
      same = mine.get(seed).sameIds(theirs.get(seed));
    }
    return same;
  }

  /** Differences seed by seed, all of the same requests. */
  record OfSeeds(Side first, Side second) implements Evidence {
    @Override
    public Optional<Interval> interval(Metric metric, double tail) {
      double[] mine = first.figures(metric);
      double[] differences = second.figures(metric);
      double unit = metric == Metric.ATTAINMENT ? 1 : Intervals.mean(mine);
      for (int seed = 0; seed < mine.length; seed++) {
        differences[seed] = (differences[seed] - mine[seed]) / unit;
        if (!Double.isFinite(differences[seed])) {
          return Optional.empty();
        }
      }
      return Optional.of(
          Interval.around(
              Intervals.mean(differences), Intervals.halfWidthOfMean(tail, differences)));
    }

    @Override
    public String describe() {
      return "paired by seed, %d seeds".formatted(first.runs().size());
    }
  }

  /** Batch means of single requests. */
  record OfRequests(Side first, Side second, List<Sample> mine, List<Sample> theirs, boolean paired)
      implements Evidence {
    @Override
    public Optional<Interval> interval(Metric metric, double tail) {
      return switch (metric) {
        case ATTAINMENT, GOODPUT ->
            ofMet(
                metric,
                new Difference(first, second, paired, tail),
                Batches.met(mine),
                Batches.met(theirs));
        case COST -> cost(tail);
        case TTFT_P50, TTFT_P99, TPOT_P50, TPOT_P99 ->
            new QuantileRatio(
                    new SortedTimes(mine, metric),
                    new SortedTimes(theirs, metric),
                    metric.probability(),
                    paired,
                    tail)
                .interval()
                .map(ratio -> new Interval(ratio.low() - 1, ratio.high() - 1));
      };
    }

    private Optional<Interval> cost(double tail) {
      Batches before = Batches.cost(mine);
      Batches after = Batches.cost(theirs);
      if (!(before.ratio() > 0 && Double.isFinite(after.ratio()))) {
        return Optional.empty();
      }
      return Optional.of(
          before.differenceTo(after, Batches.Scales.NONE, paired, tail).times(1 / before.ratio()));
    }

    @Override
    public String describe() {
      return "%s, %d batches of time; as many as %d independent requests of %d in A, %d of %d in B"
          .formatted(
              paired ? "paired by request" : "not the same requests",
              Intervals.BATCHES,
              effective(Batches.met(mine)),
              first.requests(),
              effective(Batches.met(theirs)),
              second.requests());
    }

    /** Independent requests that would give as narrow an interval of the attainment. */
    private static long effective(Batches met) {
      double share = met.ratio();
      double error = met.halfWidth() / NORMAL_REACH;
      double all = met.total();
      return Math.round(error == 0 ? all : Math.min(all, share * (1 - share) / (error * error)));
    }
  }

  /** Batch means of the slices that a report of simulated runs holds. */
  record OfSlices(Side first, Side second, Batches mine, Batches theirs, boolean paired)
      implements Evidence {
    @Override
    public Optional<Interval> interval(Metric metric, double tail) {
      return ofMet(metric, new Difference(first, second, paired, tail), mine, theirs);
    }

    @Override
    public String describe() {
      return "%s, %d batches of the reports' time slices (no file of single requests)"
          .formatted(paired ? "paired by time" : "not the same requests", Intervals.BATCHES);
    }
  }

  /** Counts alone, as if requests were independent. */
  record OfCounts(Side first, Side second) implements Evidence {
    /** Newcombe's square-and-add of two Wilson intervals. */
    @Override
    public Optional<Interval> interval(Metric metric, double tail) {
      if (metric != Metric.ATTAINMENT || first.requests() == 0 || second.requests() == 0) {
        return Optional.empty();
      }
      double mine = (double) first.met() / first.requests();
      double theirs = (double) second.met() / second.requests();
      Interval before = Intervals.wilson(tail, first.met(), first.requests());
      Interval after = Intervals.wilson(tail, second.met(), second.requests());
      double difference = theirs - mine;
      return Optional.of(
          new Interval(
              difference - Math.hypot(theirs - after.low(), before.high() - mine),
              difference + Math.hypot(after.high() - theirs, mine - before.low())));
    }

    @Override
    public String describe() {
      return "from counts, as if requests were independent (neither requests nor slices are told)";
    }
  }

  /** Two sides and how their difference is taken. */
  record Difference(Side first, Side second, boolean paired, double tail) {}

  /** Attainment and goodput, which is attainment times a known rate. */
  private static Optional<Interval> ofMet(
      Metric metric, Difference difference, Batches mine, Batches theirs) {
    boolean paired = difference.paired();
    return switch (metric) {
      case ATTAINMENT ->
          Optional.of(mine.differenceTo(theirs, Batches.Scales.NONE, paired, difference.tail()));
      case GOODPUT -> {
        double before = rate(difference.first());
        double after = rate(difference.second());
        yield mine.ratio() > 0 && theirs.ratio() > 0
            ? Optional.of(
                mine.differenceTo(
                        theirs, new Batches.Scales(before, after), paired, difference.tail())
                    .times(1 / (before * mine.ratio())))
            : Optional.empty();
      }
      case TTFT_P50, TTFT_P99, TPOT_P50, TPOT_P99, COST -> Optional.empty();
    };
  }

  private static double rate(Side side) {
    return side.figure(Metric.GOODPUT) / side.figure(Metric.ATTAINMENT);
  }
}
