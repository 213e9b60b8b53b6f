package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A run's figures as tables of plain text. */
public final class TextReport {
  static final List<String> HEADER =
      List.of(
          "",
          "requests",
          "attained",
          "TTFT p50",
          "p90",
          "p99",
          "TPOT p50",
          "p90",
          "p99",
          "total p50",
          "p99",
          "cost $",
          "energy J",
          "tokens");

  private TextReport() {}

  /** Renders tables by class and by accelerator, the outcomes and the verdict. */
  public static String render(RunReport report) {
    StringBuilder text = new StringBuilder();
    text.append("Times in ms: TTFT and total from the intended time, failures count as ∞;");
    text.append(" – means too few samples.\n\n");
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    report.byClass.forEach((name, slice) -> rows.add(row(name, slice, report.all)));
    report.byAccelerator.forEach((name, slice) -> rows.add(row("on " + name, slice, report.all)));
    rows.add(row("all", report.all, report.all));
    text.append(TextTable.render(rows));
    appendOutcomes(text, report);
    if (report.forecastError.requests() > 0) {
      text.append(report.forecastError.summary()).append('\n');
    }
    if (report.faults != null && report.ledgers != null) {
      text.append(new FaultSection(report, report.faults, report.ledgers).summary()).append('\n');
      report.ledgers.differences().forEach(each -> text.append("  ").append(each).append('\n'));
    }
    appendPacing(text, report);
    text.append(report.verdict()).append('\n');
    report.verdict().causes().forEach(cause -> text.append("  ").append(cause).append('\n'));
    return text.toString();
  }

  static List<String> row(String name, Slice slice, Slice all) {
    double share = all.outputTokens() == 0 ? 0 : (double) slice.outputTokens() / all.outputTokens();
    return List.of(
        name,
        Figures.count(slice.requests()),
        Figures.percent(slice.attainment()),
        Figures.millis(slice.ttftFromIntended, 0.5),
        Figures.millis(slice.ttftFromIntended, 0.9),
        Figures.millis(slice.ttftFromIntended, 0.99),
        Figures.millis(slice.tpot, 0.5),
        Figures.millis(slice.tpot, 0.9),
        Figures.millis(slice.tpot, 0.99),
        Figures.millis(slice.totalFromIntended, 0.5),
        Figures.millis(slice.totalFromIntended, 0.99),
        String.format(Locale.ROOT, "%.4f", slice.costUsd()),
        String.format(Locale.ROOT, "%.0f", slice.energyJoules()),
        Figures.percent(share));
  }

  private static void appendOutcomes(StringBuilder text, RunReport report) {
    text.append('\n');
    for (Outcome outcome : Outcome.values()) {
      text.append(outcome == Outcome.COMPLETED ? "" : ", ")
          .append(outcome.key().replace('_', ' '))
          .append(' ')
          .append(report.count(outcome));
    }
    if (report.count(Outcome.REFUSED) > 0) {
      LatencySample refusals = report.refusals();
      text.append(", refused after p50 ").append(Figures.millis(refusals, 0.5));
      text.append(" ms, p99 ").append(Figures.millis(refusals, 0.99)).append(" ms");
    }
    text.append('\n');
    Map<String, Integer> countedBy = report.countedBy();
    if (!countedBy.keySet().equals(Set.of("backend")) && !countedBy.isEmpty()) {
      text.append("  tokens of answers counted by ").append(countedBy).append('\n');
    }
    for (Map.Entry<String, Integer> reason : report.reasons().entrySet()) {
      text.append("  ").append(reason.getKey()).append(": ").append(reason.getValue()).append('\n');
    }
  }

  private static void appendPacing(StringBuilder text, RunReport report) {
    RunResult run = report.run();
    text.append(
        String.format(
            Locale.ROOT,
            "rate %.2f of %.2f req/s, goodput %.2f req/s, pacing error p99 %s ms, client CPU %s\n",
            Validity.achievedRate(run),
            run.schedule().meanRate(),
            report.goodput(),
            Figures.millis(report.pacing, 0.99),
            Figures.percent(run.client().cpuShare())));
  }
}
