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
  private static final int COLOURS = 8;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink:#1b1f24; --soft:#59636e; --paper:#fff; --rule:#d9dee3;
        --c0:#2563a8; --c1:#c2571a; --c2:#2e7d4f; --c3:#8e44ad; --c4:#a8871d; --c5:#14808c;
        --c6:#b03a5b; --c7:#5f6b7a; --bad:#b3261e; --good:#2e7d4f; }
      @media (prefers-color-scheme: dark) { :root { --ink:#e6e9ed; --soft:#9aa4af; --paper:#14171a;
        --rule:#30363d; --c0:#6aa9ec; --c1:#eb9560; --c2:#6cc492; --c3:#c58be0; --c4:#d9bb58;
        --c5:#5cc3ce; --c6:#e884a1; --c7:#a3adb8; --bad:#f28b82; --good:#6cc492; } }
      body { font:15px/1.5 system-ui,sans-serif; color:var(--ink); background:var(--paper);
        max-width:66rem; margin:2rem auto; padding:0 1rem; }
      h1 { font-size:1.4rem; margin:0; } h2 { font-size:1.05rem; margin:2rem 0 .4rem; }
      p, .legend { color:var(--soft); margin:.2rem 0; } code { overflow-wrap:anywhere; }
      .bad { color:var(--bad); font-weight:600; } .good { color:var(--good); font-weight:600; }
      .scroll { overflow-x:auto; }
      table { border-collapse:collapse; width:100%; font-size:.88rem; }
      th, td { text-align:right; padding:.2rem .5rem; border-bottom:1px solid var(--rule);
        white-space:nowrap; font-variant-numeric:tabular-nums; }
      th { font-weight:600; color:var(--soft); } th:first-child, td:first-child { text-align:left; }
      svg { width:100%; height:auto; } svg text { fill:var(--soft); font-size:11px; }
      .grid { stroke:var(--rule); stroke-width:1; }
      .curve { fill:none; stroke-width:1.8; stroke-linejoin:round; }
      .budget { stroke-width:1.2; stroke-dasharray:4 3; }
      .legend i { display:inline-block; width:.8em; height:.8em; border-radius:2px;
        margin:0 .35em 0 1em; }
      """;

  private final RunReport report;
  private final StringBuilder text = new StringBuilder();

  HtmlReport(RunReport report) {
    this.report = report;
  }

  static String strokeOf(int colour) {
    return "s" + colour % COLOURS;
  }

  String render() {
    text.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    text.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    text.append("<title>Sluice load report</title>\n<style>\n").append(STYLE);
    for (int colour = 0; colour < COLOURS; colour++) {
      text.append(".s%1$d { stroke:var(--c%1$d); } .f%1$d { fill:var(--c%1$d); ".formatted(colour))
          .append("background:var(--c%d); }\n".formatted(colour));
    }
    text.append("</style>\n</head>\n<body>\n");
    addHead();
    addTables();
    addPlots();
    addOrigin();
    return text.append("</body>\n</html>\n").toString();
  }

  private void addHead() {
    Verdict verdict = report.verdict();
    text.append("<h1>").append(escape(report.run().context().target())).append("</h1>\n<p>");
    text.append(Figures.count(report.requests())).append(" requests, <b>");
    text.append(Figures.percent(report.attainment())).append("</b> kept their budget; the run is ");
    text.append("<span class=\"").append(verdict.valid() ? "good" : "bad").append("\">");
    text.append(verdict).append("</span>.</p>\n");
    for (String cause : verdict.causes()) {
      text.append("<p class=\"bad\">").append(escape(cause)).append("</p>\n");
    }
  }

  private void addTables() {
    heading("By class");
    addTable(report.byClass);
    heading("By accelerator");
    addTable(report.byAccelerator);
    text.append("<p>Milliseconds; TTFT and total count from the intended time, failures as ∞; ");
    text.append("– means too few samples.</p>\n");
    if (report.reasons().isEmpty()) {
      return;
    }
    heading("Requests without an answer");
    text.append("<table><tr><th>reason</th><th>requests</th></tr>\n");
    report.reasons().forEach((reason, count) -> addRow(List.of(reason, Figures.count(count))));
    text.append("</table>\n");
  }

  private void addTable(Map<String, Slice> slices) {
    text.append("<div class=\"scroll\"><table><tr><th></th><th>requests</th><th>attained</th>");
    text.append("<th>TTFT p50</th><th>p90</th><th>p99</th><th>TPOT p50</th><th>p90</th>");
    text.append("<th>p99</th><th>total p50</th><th>p99</th><th>cost $</th><th>energy J</th>");
    text.append("<th>tokens</th></tr>\n");
    slices.forEach((name, slice) -> addRow(TextReport.row(name, slice, report.all)));
    addRow(TextReport.row("all", report.all, report.all));
    text.append("</table></div>\n");
  }

  private void addRow(List<String> cells) {
    text.append("<tr>");
    cells.forEach(cell -> text.append("<td>").append(escape(cell)).append("</td>"));
    text.append("</tr>\n");
  }

  private void addPlots() {
    List<String> classes = List.copyOf(report.byClass.keySet());
    heading("Time to first token");
    legend(classes);
    text.append(
        new CdfPlot(report.byClass, slice -> slice.ttftFromIntended, budget(Budget::ttftNanos))
            .render("Share of requests by time to first token"));
    heading("Time per output token");
    legend(classes);
    text.append(
        new CdfPlot(report.byClass, slice -> slice.tpot, budget(Budget::tpotNanos))
            .render("Share of requests by time per output token"));
    text.append("<p>Dashed: the class's budget. A curve ends below 100 % by its failures.</p>\n");
    RunTimeline timeline = new RunTimeline(report.run());
    heading("Load");
    legend(List.of("arrivals a second", "in flight"));
    text.append(timeline.renderLoad());
    heading("Attainment, by second of arrival");
    text.append(timeline.renderAttainment());
    heading("Who served which class");
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
    legend(kinds);
    Svg svg = new Svg("Share of each class by the kind of accelerator that served it");
    double band = (Svg.y(0) - Svg.y(1)) / Math.max(1, classes.size());
    for (int row = 0; row < classes.size(); row++) {
      double top = Svg.y(1) + row * band + band * 0.15;
      svg.label(Svg.x(0.13), top + band * 0.35 + 4, "end", classes.get(row));
      addBar(svg, classes.get(row), kinds, top, Math.min(34, band * 0.7));
    }
    text.append(svg.close());
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
      svg.box(left, top, width, height, "f" + colour % COLOURS);
      left += width;
    }
  }

  private void addOrigin() {
    RunContext context = report.run().context();
    heading("To repeat it");
    text.append("<p><code>").append(escape(context.command())).append("</code></p>\n");
    text.append("<p>seed ").append(context.seed()).append(", schedule SHA-256 <code>");
    text.append(escape(context.scheduleSha256())).append("</code></p>\n");
    RunContext.TraceUse trace = context.trace();
    if (trace != null) {
      text.append("<p>trace ").append(escape(trace.file())).append(", SHA-256 <code>");
      text.append(escape(trace.sha256())).append("</code></p>\n");
    }
    Machine machine = report.run().machine();
    text.append(
        "<p>%d CPUs, JDK %s, %s</p>\n"
            .formatted(machine.cpus(), escape(machine.jdk()), escape(machine.os())));
  }

  private void heading(String title) {
    text.append("<h2>").append(escape(title)).append("</h2>\n");
  }

  private void legend(List<String> names) {
    text.append("<div class=\"legend\">");
    for (int colour = 0; colour < names.size(); colour++) {
      text.append("<i class=\"f").append(colour % COLOURS).append("\"></i>");
      text.append(escape(names.get(colour)));
    }
    text.append("</div>\n");
  }

  private static String escape(String raw) {
    return Svg.escape(raw);
  }
}
