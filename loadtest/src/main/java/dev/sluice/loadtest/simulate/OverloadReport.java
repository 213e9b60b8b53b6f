package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What overload does to a policy, as text: the good answers of each load beside the most that any
 * load within capacity gave, and how long a surge was felt when it was over.
 */
final class OverloadReport {

  /** Loads up to here are within capacity: the scenario's rates are chosen so. */
  private static final double CAPACITY = 1;

  /** A p99 within this of what it would have been without the surge is back to normal. */
  private static final double NORMAL = 1.1;

  /** So much less attained than without the surge is back to normal as well. */
  private static final double NEARLY = 0.01;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private OverloadReport() {}

  /** The table of good answers a second, a row for each policy and load. */
  static String goodput(List<String> policies, List<String> classes, List<TrialResult> results) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("policy", "load", "offered/s", "good/s"));
    head.addAll(List.of("of peak", "refused after p50", "p99"));
    classes.forEach(name -> head.add(name + "/s"));
    rows.add(head);
    for (String policy : policies) {
      List<TrialResult> own =
          results.stream().filter(each -> each.result().run().policy().equals(policy)).toList();
      double peak =
          own.stream()
              .filter(each -> each.result().run().rateScale() <= CAPACITY)
              .mapToDouble(each -> each.drawn().goodPerSecond())
              .max()
              .orElse(Double.NaN);
      own.forEach(each -> rows.add(row(each, peak, classes)));
    }
    return "answers within budget while requests came\n" + TextTable.render(rows);
  }

  private static List<String> row(TrialResult result, double peak, List<String> classes) {
    Timeline timeline = result.drawn();
    List<String> row = new ArrayList<>();
    row.add(result.result().run().policy());
    row.add(String.format(Locale.ROOT, "%.2f", result.result().run().rateScale()));
    row.add(String.format(Locale.ROOT, "%.1f", timeline.offeredPerSecond()));
    row.add(String.format(Locale.ROOT, "%.2f", timeline.goodPerSecond()));
    row.add(String.format(Locale.ROOT, "%.1f %%", 100 * timeline.goodPerSecond() / peak));
    row.add(millis(timeline.refusalNanos(0.5)));
    row.add(millis(timeline.refusalNanos(0.99)));
    classes.forEach(
        name -> row.add(String.format(Locale.ROOT, "%.2f", timeline.goodPerSecond(name))));
    return row;
  }

  /**
   * The table of what a surge left behind, a row for each class: how many seconds after it those
   * who came from then on fared as they do without it, and how those fared who came at once.
   *
   * @param surged with the surge
   * @param calm the same runs without it, in the same order
   */
  static String recovery(
      SyntheticWorkload workload, List<TrialResult> surged, List<TrialResult> calm) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("policy", "load", "class", "normal after"));
    head.addAll(List.of("attained at once", "after 5 s", "without"));
    head.addAll(List.of("TTFT p99 at once", "after 5 s", "without"));
    rows.add(head);
    for (int i = 0; i < surged.size(); i++) {
      for (String name : workload.classNames()) {
        List<String> row = new ArrayList<>();
        row.add(surged.get(i).result().run().policy());
        row.add(String.format(Locale.ROOT, "%.2f", surged.get(i).result().run().rateScale()));
        row.add(name);
        Timeline.Course with = surged.get(i).drawn().course(name);
        row.addAll(row(workload, with, calm.get(i).drawn().course(name)));
        rows.add(row);
      }
    }
    Surge surge = workload.surge();
    return String.format(
            Locale.ROOT,
            "after %.0f times as many requests for %.0f s\n",
            surge.factor(),
            (surge.untilNanos() - surge.fromNanos()) / 1e9)
        + TextTable.render(rows);
  }

  private static List<String> row(
      SyntheticWorkload workload, Timeline.Course with, Timeline.Course without) {
    long endNanos = workload.surge().untilNanos();
    long laterNanos = endNanos + 5 * SECOND_NANOS;
    return List.of(
        normalAfter(workload, with, without),
        percent(with.attained(endNanos)),
        percent(with.attained(laterNanos)),
        percent(without.attained(endNanos)),
        millis(with.ttftNanosP99(endNanos)),
        millis(with.ttftNanosP99(laterNanos)),
        millis(without.ttftNanosP99(endNanos)));
  }

  private static String normalAfter(
      SyntheticWorkload workload, Timeline.Course with, Timeline.Course without) {
    long endNanos = workload.surge().untilNanos();
    for (long seconds = 0; seconds < workload.seconds() - endNanos / 1e9; seconds++) {
      long fromNanos = endNanos + seconds * SECOND_NANOS;
      if (with.ttftNanosP99(fromNanos) <= NORMAL * without.ttftNanosP99(fromNanos)
          && with.attained(fromNanos) >= without.attained(fromNanos) - NEARLY) {
        return seconds + " s";
      }
    }
    return "–";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.0f", nanos / 1e6);
  }
}
