package dev.sluice.loadtest.report;

import java.util.List;

/** Distribution of the time to first token by policy; a curve ends below 100 % by its failures. */
final class TtftPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;

  private final List<PolicyResult> results;
  private final PolicyStrokes strokes;

  TtftPlot(List<PolicyResult> results, PolicyStrokes strokes) {
    this.results = results.stream().filter(result -> !result.detail().ttft().isEmpty()).toList();
    this.strokes = strokes;
  }

  String render(String best) {
    if (results.isEmpty()) {
      return "<p>No completed request.</p>\n";
    }
    Axis times =
        Axis.decades(
            results.stream().mapToDouble(r -> r.detail().ttft().getFirst().nanos()).min().orElse(1),
            results.stream().mapToDouble(r -> r.detail().ttft().getLast().nanos()).max().orElse(1));
    String label = "Share of requests by time to first token";
    Chart chart =
        new Chart(new Chart.Sheet(WIDTH, HEIGHT, "", label), times, Axis.sharesTo1(0))
            .titles("time to first token", "requests that took no longer");
    for (PolicyResult result : results) {
      boolean first = result.run().policy().equals(best);
      draw(chart, result, times.high(), first ? " best" : "");
    }
    return chart.close();
  }

  private void draw(Chart chart, PolicyResult result, double end, String emphasis) {
    List<CdfPoint> curve = result.detail().ttft();
    StringBuilder points = new StringBuilder(chart.point(curve.getFirst().nanos(), 0));
    curve.forEach(each -> points.append(chart.point(Math.max(1, each.nanos()), each.share())));
    points.append(chart.point(end, curve.getLast().share()));
    chart.curve(points, strokes.of(result.run().policy()) + emphasis);
  }
}
