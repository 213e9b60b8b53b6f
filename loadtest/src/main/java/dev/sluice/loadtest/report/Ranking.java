package dev.sluice.loadtest.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which policy is best at a rate, and whether the runs can tell. */
final class Ranking {
  private final SimulatedReport report;
  private final double rateScale;
  private final List<PolicyGroup> ranked;

  Ranking(SimulatedReport report, double rateScale) {
    this.report = report;
    this.rateScale = rateScale;
    this.ranked = PolicyTable.ranked(report, rateScale);
  }

  PolicyGroup best() {
    return ranked.getFirst();
  }

  /** The answer in one or two sentences. */
  String describe() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Best at %s load: %s, %.2f %% of all requests kept their budget",
            Figures.scale(rateScale),
            best().policy(),
            100 * best().attainment()));
    Optional<BoundBracket> bound = report.bound(rateScale);
    if (bound.isPresent() && bound.get().upper() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              ", at least %.1f %% of what is possible",
              100 * best().attainment() / bound.get().upper()));
    }
    text.append('.');
    if (ranked.size() > 1) {
      PolicyGroup next = ranked.get(1);
      text.append(
          String.format(
              Locale.ROOT,
              " Next: %s, %.2f %%%s.",
              next.policy(),
              100 * next.attainment(),
              toldApart(best(), next) ? "" : "; these runs cannot tell the two apart"));
    }
    return text.toString();
  }

  /** Whether the difference exceeds its 95 % interval, which is paired: both saw the same load. */
  private static boolean toldApart(PolicyGroup first, PolicyGroup second) {
    double[] differences = new double[Intervals.BATCHES];
    int seeds = Math.min(first.runs().size(), second.runs().size());
    for (int seed = 0; seed < seeds; seed++) {
      double[] a = first.runs().get(seed).detail().batchDeviations();
      double[] b = second.runs().get(seed).detail().batchDeviations();
      for (int batch = 0; batch < differences.length && a.length > 0 && b.length > 0; batch++) {
        differences[batch] += (a[batch] - b[batch]) / seeds;
      }
    }
    double difference = first.attainment() - second.attainment();
    return difference > Intervals.halfWidthOfBatches(Intervals.TAIL, differences);
  }
}
