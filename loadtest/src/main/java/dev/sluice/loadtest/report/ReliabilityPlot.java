package dev.sluice.loadtest.report;

import java.util.List;

/**
 * How often a budget was met against how often that was forecast; on the diagonal, forecasts are
 * right.
 */
final class ReliabilityPlot {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 400;

  /** The share met of fewer requests says nothing. */
  private static final int FEWEST = 20;

  private static final double LARGEST_DOT = 9;

  private final Chart chart;
  private final PolicyStrokes strokes;

  ReliabilityPlot(PolicyStrokes strokes) {
    this.strokes = strokes;
    String label = "Share of budgets met against their forecast probability";
    chart =
        new Chart(new Chart.Sheet(WIDTH, HEIGHT, "", label), Axis.sharesTo1(0), Axis.sharesTo1(0))
            .titles("forecast probability of keeping the budget", "share that kept it")
            .line(0, 0, 1, 1, "edge");
  }

  String render(List<PolicyResult> results) {
    for (PolicyResult result : results) {
      StringBuilder points = new StringBuilder();
      long all = result.detail().reliability().stream().mapToLong(ReliabilityBin::requests).sum();
      for (ReliabilityBin bin : result.detail().reliability()) {
        if (bin.requests() >= FEWEST) {
          points.append(chart.point(bin.meanForecast(), bin.metShare()));
          double radius = 2 + LARGEST_DOT * Math.sqrt((double) bin.requests() / all);
          chart.dot(
              bin.meanForecast(),
              bin.metShare(),
              radius,
              "area " + strokes.fillOf(result.run().policy()));
        }
      }
      chart.curve(points, strokes.of(result.run().policy()));
    }
    return chart.close();
  }
}
