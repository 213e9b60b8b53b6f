package dev.sluice.loadtest.report;

import java.util.Optional;

/** The figures of runs in virtual time as a table of plain text. */
public final class SimulatedTextReport {
  private SimulatedTextReport() {}

  /** Renders a row for each policy and rate, the bounds and which policy is best. */
  public static String render(SimulatedReport report) {
    StringBuilder text = new StringBuilder();
    SimulatedTrace trace = report.trace();
    text.append(
        "%s, %s requests in %s s at 1×%s\n\n"
            .formatted(
                trace.file(),
                Figures.count(trace.requests()),
                Figures.shortened(trace.spanSeconds()),
                trace.closedLoop() ? ", in a closed loop" : ""));
    text.append(TextTable.render(new PolicyTable(report).rows(report.rateScales())));
    text.append('\n').append(notes(report)).append('\n');
    for (double scale : report.rateScales()) {
      Optional<BoundBracket> bound = report.bound(scale);
      bound.ifPresent(
          bracket ->
              text.append("bound at ")
                  .append(Figures.scale(scale))
                  .append(": ")
                  .append(Figures.percent(bracket.lower()))
                  .append(" … ")
                  .append(Figures.percent(bracket.upper()))
                  .append('\n'));
    }
    for (double scale : report.rateScales()) {
      text.append(new Ranking(report, scale).describe()).append('\n');
    }
    return text.toString();
  }

  /** What the figures are, in one line. */
  static String notes(SimulatedReport report) {
    int seeds = new Ranking(report, report.shownScale()).best().runs().size();
    String reach =
        seeds > 1
            ? "means over %d seeds ± 95 %% interval".formatted(seeds)
            : "attainment ± 95 %% interval over %d batches of time".formatted(Intervals.BATCHES);
    return "Times in ms, failures count as ∞; – means too few samples or no bound; " + reach + ".";
  }
}
