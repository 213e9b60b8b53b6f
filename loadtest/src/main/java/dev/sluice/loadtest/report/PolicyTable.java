package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A row for each policy and rate: means over the seeds and, where there are several, half the width
 * of the 95 % interval of the leading figures. Rates ascend; at each rate the best policy comes
 * first.
 */
final class PolicyTable {
  private final SimulatedReport report;
  private final List<String> classes;
  private final List<String> accelerators;

  PolicyTable(SimulatedReport report) {
    this.report = report;
    this.classes = report.classNames();
    this.accelerators = report.accelerators();
  }

  /** The policies at a rate, by attainment; equal ones in the report's order. */
  static List<PolicyGroup> ranked(SimulatedReport report, double rateScale) {
    return report.groups(rateScale).stream()
        .sorted(Comparator.comparingDouble(PolicyGroup::attainment).reversed())
        .toList();
  }

  /** The header and the rows of these rates. */
  List<List<String>> rows(List<Double> rateScales) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header());
    for (double scale : rateScales) {
      for (PolicyGroup group : ranked(report, scale)) {
        rows.add(row(group));
      }
    }
    return rows;
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("policy", "load", "attained", "of bound"));
    header.addAll(classes);
    header.addAll(List.of("goodput /s", "TTFT p50", "p99", "TPOT p50", "p99"));
    header.addAll(List.of("refused", "failed", "cost $", "energy kJ"));
    accelerators.forEach(kind -> header.add("on " + kind));
    return header;
  }

  private List<String> row(PolicyGroup group) {
    List<String> row = new ArrayList<>();
    row.add(group.policy());
    row.add(Figures.scale(group.rateScale()));
    row.add(
        withReach(
            Figures.percent(group.attainment()),
            group.attainmentHalfWidth(),
            half -> String.format(Locale.ROOT, "%.2f", 100 * half)));
    row.add(ofBound(group));
    for (String name : classes) {
      row.add(share(group, result -> attainmentOf(result, name)));
    }
    row.add(mean(group, PolicyResult::goodput));
    row.add(millis(group, result -> result.latencies().ttft().p50()));
    row.add(millis(group, result -> result.latencies().ttft().p99()));
    row.add(millis(group, result -> result.latencies().tpot().p50()));
    row.add(millis(group, result -> result.latencies().tpot().p99()));
    row.add(Figures.count(Math.round(group.mean(result -> result.counts().refused()))));
    row.add(Figures.count(Math.round(group.mean(result -> result.counts().failed()))));
    row.add(mean(group, result -> result.spending().costUsd()));
    row.add(mean(group, result -> result.spending().energyJoules() / 1e3));
    accelerators.forEach(kind -> row.add(share(group, result -> result.shareOf(kind))));
    return row;
  }

  private String ofBound(PolicyGroup group) {
    Optional<BoundBracket> bound = report.bound(group.rateScale());
    return bound.isEmpty() || bound.get().upper() == 0
        ? "–"
        : Figures.percent(group.attainment() / bound.get().upper());
  }

  private static double attainmentOf(PolicyResult result, String className) {
    PolicyResult.Counts counts = result.parts().byClass().get(className);
    return counts == null ? 1 : counts.attainment();
  }

  private static String share(PolicyGroup group, ToDoubleFunction<PolicyResult> share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * group.mean(share));
  }

  private static String mean(PolicyGroup group, ToDoubleFunction<PolicyResult> figure) {
    return withReach(
        Figures.shortened(group.mean(figure)), group.halfWidth(figure), Figures::shortened);
  }

  /** A quantile that one of the seeds cannot tell has no mean. */
  private static String millis(PolicyGroup group, Function<PolicyResult, Quantile> quantile) {
    for (PolicyResult result : group.runs()) {
      if (!(quantile.apply(result) instanceof Quantile.Known)) {
        return Figures.millis(quantile.apply(result));
      }
    }
    return mean(
        group,
        result -> quantile.apply(result) instanceof Quantile.Known(long nanos) ? nanos / 1e6 : 0);
  }

  private static String withReach(
      String mean, OptionalDouble half, DoubleFunction<String> written) {
    return half.orElse(0) == 0 ? mean : mean + " ± " + written.apply(half.getAsDouble());
  }
}
