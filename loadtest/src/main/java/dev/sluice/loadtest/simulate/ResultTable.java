package dev.sluice.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Results of runs as a table of text: a row for each run, then who was refused and why. */
public final class ResultTable {

  private final List<Experiment.Result> results;
  private final List<String> classes;
  private final List<String> kinds;

  private ResultTable(List<Experiment.Result> results) {
    this.results = results;
    this.classes = List.copyOf(results.getFirst().tally().byClass().keySet());
    TreeSet<String> seen = new TreeSet<>();
    results.forEach(result -> seen.addAll(result.tally().byKind().keySet()));
    this.kinds = List.copyOf(seen);
  }

  /** Renders {@code results}, of which there is at least one. */
  public static String render(List<Experiment.Result> results) {
    return new ResultTable(results).render();
  }

  private String render() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(head());
    results.forEach(result -> rows.add(row(result)));
    StringBuilder text = new StringBuilder(aligned(rows));
    results.forEach(result -> text.append(reasons(result)));
    return text.toString();
  }

  private List<String> head() {
    List<String> head =
        new ArrayList<>(
            List.of("policy", "seed", "load", "requests", "attained", "goodput/s", "refused"));
    head.addAll(classes);
    head.addAll(List.of("ttft p50", "p90", "p99", "tpot p50", "p90", "p99", "cost $", "kJ"));
    kinds.forEach(kind -> head.add("on " + kind));
    head.addAll(List.of("simulated s", "wall s"));
    return head;
  }

  private List<String> row(Experiment.Result result) {
    RunTally tally = result.tally();
    List<String> row = new ArrayList<>();
    row.add(result.trial().policy());
    row.add(Long.toString(result.trial().seed()));
    row.add(decimal("%.2f", result.trial().scale()));
    row.add(Long.toString(tally.all().requests()));
    row.add(percent(tally.all().attainment()));
    row.add(decimal("%.3f", tally.all().met() / (result.simulatedNanos() / 1e9)));
    row.add(Long.toString(tally.all().refused()));
    for (String name : classes) {
      RunTally.Counts counts = tally.byClass().get(name);
      row.add(percent(counts == null ? Double.NaN : counts.attainment()));
    }
    for (double percent : new double[] {50, 90, 99}) {
      row.add(decimal("%.0f", tally.ttftMillis(percent)));
    }
    for (double percent : new double[] {50, 90, 99}) {
      row.add(decimal("%.2f", tally.tpotMillis(percent)));
    }
    row.add(decimal("%.2f", tally.costUsd()));
    row.add(decimal("%.0f", tally.joules() / 1e3));
    for (String kind : kinds) {
      RunTally.Counts counts = tally.byKind().get(kind);
      row.add(percent(counts == null ? 0 : (double) counts.completed() / tally.all().completed()));
    }
    row.add(decimal("%.1f", result.simulatedNanos() / 1e9));
    row.add(decimal("%.2f", result.wallNanos() / 1e9));
    return row;
  }

  private static String reasons(Experiment.Result result) {
    StringBuilder text = new StringBuilder();
    result
        .tally()
        .byReason()
        .forEach(
            (reason, count) ->
                text.append(result.trial().policy())
                    .append(" seed ")
                    .append(result.trial().seed())
                    .append(decimal(" at %.2f: ", result.trial().scale()))
                    .append(reason)
                    .append(' ')
                    .append(count)
                    .append('\n'));
    return text.toString();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : decimal("%.2f %%", 100 * share);
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String aligned(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String padding = " ".repeat(widths[column] - row.get(column).length());
        line.append(column == 0 ? row.get(column) + padding : "  " + padding + row.get(column));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
