package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.LatencyQuantiles;
import dev.sluice.loadtest.report.PolicyResult;
import dev.sluice.loadtest.report.Quantile;
import dev.sluice.loadtest.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario, as a text: a table for each load, with a row for each policy. Rounded so
 * that only a change of behaviour changes it, and free of anything that differs between machines.
 */
final class ScenarioReport {

  private final Scenario scenario;
  private final List<TrialResult> results;
  private final List<TrialResult> calm;
  private final List<String> classes;
  private final List<String> profiles;

  /**
   * A report on {@code scenario}.
   *
   * @param calm the same runs without the surge; empty: there is none
   */
  ScenarioReport(Scenario scenario, List<TrialResult> results, List<TrialResult> calm) {
    this.scenario = scenario;
    this.results = results;
    this.calm = calm;
    this.classes = scenario.workload().classNames();
    this.profiles = scenario.profiles();
  }

  String render() {
    Scenario.Heading heading = scenario.heading();
    StringBuilder text = new StringBuilder();
    text.append(heading.name()).append(": ").append(heading.title()).append("\n\n");
    text.append(heading.about()).append('\n');
    for (double load : scenario.plan().loads()) {
      text.append('\n').append(table(load));
    }
    if (scenario.plan().goodput()) {
      List<String> policies = scenario.plan().policies();
      text.append('\n').append(OverloadReport.goodput(policies, classes, results));
    }
    if (!calm.isEmpty()) {
      text.append('\n').append(OverloadReport.recovery(scenario.workload(), results, calm));
    }
    EnergySweep sweep = scenario.sweep();
    if (sweep != null) {
      text.append('\n').append(table(sweep));
    }
    return text.toString();
  }

  private String table(double load) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(head());
    long requests = 0;
    for (TrialResult each : results) {
      if (each.result().run().rateScale() == load) {
        rows.add(row(each));
        requests = each.result().counts().requests();
      }
    }
    return String.format(
            Locale.ROOT,
            "load %.2f: %d requests in %.0f s\n",
            load,
            requests,
            scenario.workload().seconds())
        .concat(TextTable.render(rows));
  }

  private List<String> head() {
    List<String> head = new ArrayList<>(List.of("policy", "attained"));
    head.addAll(classes);
    head.addAll(List.of("refused", "failed", "TTFT p50", "p99", "TPOT p50", "p99"));
    head.addAll(List.of("$/1000 met", "J/token"));
    profiles.forEach(profile -> head.add("on " + shortened(profile)));
    return head;
  }

  /** The hardware's part of a profile's name. */
  private static String shortened(String profile) {
    int dash = profile.indexOf("-llama");
    return dash < 0 ? profile : profile.substring(0, dash);
  }

  private List<String> row(TrialResult each) {
    PolicyResult result = each.result();
    List<String> row = new ArrayList<>();
    row.add(result.run().policy());
    row.add(percent(result.attainment()));
    for (String name : classes) {
      row.add(percent(result.parts().byClass().get(name)));
    }
    row.add(Long.toString(result.counts().refused()));
    row.add(Long.toString(result.counts().failed()));
    LatencyQuantiles ttft = result.latencies().ttft();
    row.add(millis("%.0f", ttft.p50()));
    row.add(millis("%.0f", ttft.p99()));
    LatencyQuantiles tpot = result.latencies().tpot();
    row.add(millis("%.1f", tpot.p50()));
    row.add(millis("%.1f", tpot.p99()));
    row.add(ratio("%.2f", 1000 * result.spending().costUsd(), result.counts().met()));
    row.add(ratio("%.2f", each.energy().requestJoules(), each.served().tokens()));
    profiles.forEach(profile -> row.add(percent(each.served().share(profile))));
    return row;
  }

  private static String percent(PolicyResult.@Nullable Counts counts) {
    return counts == null || counts.requests() == 0 ? "–" : percent(counts.attainment());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String ratio(String format, double amount, long count) {
    return count == 0 ? "–" : String.format(Locale.ROOT, format, amount / count);
  }

  private static String millis(String format, Quantile quantile) {
    return switch (quantile) {
      case Quantile.Known(long nanos) -> String.format(Locale.ROOT, format, nanos / 1e6);
      case Quantile.Endless() -> "∞";
      case Quantile.Withheld(int _, int _) -> "–";
    };
  }

  private static String table(EnergySweep sweep) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("sequences together", "J/token"));
    for (int batch : sweep.batches()) {
      rows.add(
          List.of(
              Integer.toString(batch),
              String.format(Locale.ROOT, "%.2f", sweep.perTokenJoules(batch))));
    }
    return "%s, energy of an output token\n%s"
            .formatted(sweep.profile().name(), TextTable.render(rows))
        + String.format(
            Locale.ROOT,
            "%.0f J a token is reached at %.1f sequences together\n",
            sweep.rivalJoules(),
            sweep.crossover());
  }
}
