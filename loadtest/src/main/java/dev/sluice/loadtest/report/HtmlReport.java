package dev.sluice.loadtest.report;

import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ServiceClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** A run's figures as one HTML file that refers to nothing outside itself. */
final class HtmlReport {
  private final RunReport report;
  private final HtmlPage page = new HtmlPage("Sluice load report");

  HtmlReport(RunReport report) {
    this.report = report;
  }

  String render() {
    addHead();
    if (report.faults != null && report.ledgers != null) {
      new FaultSection(report, report.faults, report.ledgers).addTo(page);
    }
    addTables();
    addPlots();
    addOrigin();
    return page.close();
  }

  private void addHead() {
    Verdict verdict = report.verdict();
    page.append("<h1>").append(escape(report.run().context().target())).append("</h1>\n<p>");
    page.append(Figures.count(report.requests())).append(" requests, <b>");
    page.append(Figures.percent(report.attainment())).append("</b> kept their budget; the run is ");
    page.append("<span class=\"").append(verdict.valid() ? "good" : "bad").append("\">");
    page.append(verdict).append("</span>.</p>\n");
    for (String cause : verdict.causes()) {
      page.append("<p class=\"bad\">").append(escape(cause)).append("</p>\n");
    }
  }

  private void addTables() {
    page.heading("By class");
    addTable(report.byClass);
    page.heading("By accelerator");
    addTable(report.byAccelerator);
    page.append("<p>Milliseconds; TTFT and total count from the intended time, failures as ∞; ");
    page.append("– means too few samples.</p>\n");
    addForecasts();
    if (report.reasons().isEmpty()) {
      return;
    }
    page.heading("Requests without an answer");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("reason", "requests"));
    report.reasons().forEach((reason, count) -> rows.add(List.of(reason, Figures.count(count))));
    page.table(rows);
  }

  private void addForecasts() {
    if (report.forecastError.requests() > 0) {
      page.heading("Forecast against result");
      page.append("<p>").append(escape(report.forecastError.summary())).append(".</p>\n");
      page.append("<p>Nine in ten: the share that stayed within the times of which the gateway ");
      page.append("said that nine in ten would; – means that it said none.</p>\n");
    }
  }

  private void addTable(Map<String, Slice> slices) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TextReport.HEADER);
    slices.forEach((name, slice) -> rows.add(TextReport.row(name, slice, report.all)));
    rows.add(TextReport.row("all", report.all, report.all));
    page.table(rows);
  }

  private void addPlots() {
    List<String> classes = List.copyOf(report.byClass.keySet());
    page.heading("Time to first token");
    page.legend(classes);
    page.append(
        new CdfPlot(report.byClass, slice -> slice.ttftFromIntended, budget(Budget::ttftNanos))
            .render("Share of requests by time to first token"));
    page.heading("Time per output token");
    page.legend(classes);
    page.append(
        new CdfPlot(report.byClass, slice -> slice.tpot, budget(Budget::tpotNanos))
            .render("Share of requests by time per output token"));
    page.append("<p>Dashed: the class's budget. A curve ends below 100 % by its failures.</p>\n");
    RunTimeline timeline = new RunTimeline(report.run());
    page.heading("Load");
    page.legend(List.of("arrivals a second", "in flight"));
    page.append(timeline.renderLoad());
    page.heading("Attainment, by second of arrival");
    page.append(timeline.renderAttainment());
    page.heading("Who served which class");
    addServers(classes);
  }

  private ToLongFunction<String> budget(ToLongFunction<Budget> part) {
    return name ->
        report.run().schedule().classes().stream()
            .filter(each -> each.name().equals(name))
            .map(ServiceClass::budget)
            .mapToLong(part)
            .findFirst()
            .orElse(0);
  }

  private void addServers(List<String> classes) {
    List<String> kinds = new ArrayList<>(report.byAccelerator.keySet());
    kinds.add("nobody");
    page.legend(kinds);
    Svg svg = new Svg("Share of each class by the kind of accelerator that served it");
    double band = (Svg.y(0) - Svg.y(1)) / Math.max(1, classes.size());
    for (int row = 0; row < classes.size(); row++) {
      double top = Svg.y(1) + row * band + band * 0.15;
      svg.label(Svg.x(0.13), top + band * 0.35 + 4, "end", classes.get(row));
      addBar(svg, classes.get(row), kinds, top, Math.min(34, band * 0.7));
    }
    page.append(svg.close());
  }

  private void addBar(Svg svg, String name, List<String> kinds, double top, double height) {
    Slice slice = report.byClass.get(name);
    if (slice == null || slice.requests() == 0) {
      return;
    }
    Map<String, Integer> served = new TreeMap<>();
    for (RequestResult result : slice.results()) {
      String kind = result.placement().accelerator();
      served.merge(kind.isEmpty() ? "nobody" : kind, 1, Integer::sum);
    }
    double left = Svg.x(0.15);
    double full = Svg.x(1) - left;
    for (int colour = 0; colour < kinds.size(); colour++) {
      double width = full * served.getOrDefault(kinds.get(colour), 0) / slice.requests();
      svg.box(left, top, width, height, HtmlPage.fillOf(colour));
      left += width;
    }
  }

  private void addOrigin() {
    RunContext context = report.run().context();
    page.heading("To repeat it");
    page.append("<p><code>").append(escape(context.command())).append("</code></p>\n");
    page.append("<p>seed ").append(context.seed()).append(", schedule SHA-256 <code>");
    page.append(escape(context.scheduleSha256())).append("</code></p>\n");
    RunContext.TraceUse trace = context.trace();
    if (trace != null) {
      page.append("<p>trace ").append(escape(trace.file())).append(", SHA-256 <code>");
      page.append(escape(trace.sha256())).append("</code></p>\n");
    }
    Machine machine = report.run().machine();
    page.append(
        "<p>%d CPUs, JDK %s, %s</p>\n"
            .formatted(machine.cpus(), escape(machine.jdk()), escape(machine.os())));
  }

  private static String escape(String raw) {
    return Svg.escape(raw);
  }
}
