package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs in virtual time as one HTML file that refers to nothing outside itself. */
final class SimulatedHtmlReport {
  private final SimulatedReport report;
  private final double shown;
  private final Ranking ranking;
  private final List<PolicyResult> ranked;
  private final PolicyStrokes strokes;
  private final HtmlPage page = new HtmlPage("Sluice simulation report");

  SimulatedHtmlReport(SimulatedReport report) {
    this.report = report;
    shown = report.shownScale();
    ranking = new Ranking(report, shown);
    ranked =
        PolicyTable.ranked(report, shown).stream().map(group -> group.runs().getFirst()).toList();
    strokes = new PolicyStrokes(report.policyNames());
  }

  String render() {
    addHead();
    addAttainment();
    addTable();
    addServed();
    addReliability();
    addTtft();
    addOrigin();
    return page.close();
  }

  private void addHead() {
    page.append("<h1>").append(escape(report.trace().file())).append(" in virtual time</h1>\n<p>");
    page.append(Figures.count(report.trace().requests())).append(" requests in ");
    page.append(Figures.shortened(report.trace().spanSeconds() / 60)).append(" min at 1×");
    page.append(report.trace().closedLoop() ? ", in a closed loop.</p>\n" : ".</p>\n");
    String best = escape(ranking.describe()).replace(" %", "&nbsp;%");
    page.append("<p><b class=\"good\">").append(best).append("</b></p>\n");
  }

  private void addAttainment() {
    if (report.rateScales().size() > 1) {
      page.heading("Attainment against load").append(legend(ranked));
      page.append(new LoadPlot(report, strokes).render());
      page.append(report.bounds().isEmpty() ? "" : "<p>Grey: the best possible lies here.</p>\n");
    }
    page.heading("Attainment at " + Figures.scale(shown) + " load, best first");
    page.append(new AttainmentBars(report, shown, strokes).render());
    page.append("<p>Thin lines: 95 % interval. ");
    if (!report.bounds().isEmpty()) {
      page.append("Grey, between dashed lines: the best possible. No policy can lie to the right ");
      page.append("of it or above it; with hindsight, its other edge is reached.");
    }
    page.append("</p>\n");
  }

  private void addTable() {
    page.heading("Policies at each load, best first").append("<div class=\"compact\">\n");
    PolicyTable table = new PolicyTable(report);
    report.rateScales().forEach(scale -> page.table(table.rows(List.of(scale))));
    page.append("</div>\n");
    page.append("<p>").append(escape(SimulatedTextReport.notes(report))).append("</p>\n");
  }

  private void addServed() {
    List<String> kinds = report.accelerators();
    page.heading("Who served what over time, at " + Figures.scale(shown) + " load").legend(kinds);
    double highest = ranked.stream().mapToDouble(ServedPlot::highestRate).max().orElse(1);
    page.append("<div class=\"grid2\">\n");
    ranked.forEach(result -> page.append(new ServedPlot(result, kinds, highest).render()));
    page.append(
        "</div>\n<p>Requests that were answered, by time of arrival; the thin line is all ");
    page.append("arrivals, so that the gap below it went unanswered.</p>\n");
  }

  private void addReliability() {
    List<PolicyResult> forecasting =
        ranked.stream().filter(result -> !result.detail().reliability().isEmpty()).toList();
    if (forecasting.isEmpty()) {
      return;
    }
    page.heading("Forecast against result, at " + Figures.scale(shown) + " load");
    page.append(legend(forecasting)).append("<div class=\"narrow\">");
    page.append(new ReliabilityPlot(strokes).render(forecasting)).append("</div>\n");
    page.append("<p>Below the dashed line, forecasts were too hopeful; above it, too cautious. ");
    page.append("Requests that were refused are left out, and so are tenths with under 20.</p>\n");
  }

  private void addTtft() {
    page.heading("Time to first token, at " + Figures.scale(shown) + " load");
    page.append(legend(ranked));
    page.append(new TtftPlot(ranked, strokes).render(ranking.best().policy()));
    page.append("<p>A curve ends below 100 % by the requests that were not answered.</p>\n");
  }

  private void addOrigin() {
    List<String> seeds =
        report.policies().stream()
            .map(result -> String.valueOf(result.run().seed()))
            .distinct()
            .toList();
    page.heading("To repeat it").append("<p>trace ").append(escape(report.trace().file()));
    page.append(", SHA-256 <code>").append(report.trace().sha256()).append("</code>; seeds ");
    page.append(String.join(", ", seeds)).append("; loads ");
    List<String> loads = new ArrayList<>();
    report.rateScales().forEach(scale -> loads.add(Figures.scale(scale)));
    page.append(String.join(", ", loads)).append("</p>\n");
  }

  private String legend(List<PolicyResult> results) {
    Stream<String> names = results.stream().map(result -> result.run().policy());
    return strokes.legend(names.toList());
  }

  private static String escape(String raw) {
    return Svg.escape(raw);
  }
}
