package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attainment of every policy against the load, with the bound as a band. */
final class LoadPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 340;

  /** Room for the first and the last label beside the frame's edges. */
  private static final double MARGIN = 0.05;

  private final SimulatedReport report;
  private final PolicyStrokes strokes;
  private final Chart chart;

  LoadPlot(SimulatedReport report, PolicyStrokes strokes) {
    this.report = report;
    this.strokes = strokes;
    String label = "Attainment of each policy against the load";
    chart =
        new Chart(new Chart.Sheet(WIDTH, HEIGHT, "", label), loads(), Axis.sharesTo1(lowest()))
            .titles("load, in multiples of the trace's own rate", "requests within their budget");
  }

  private Axis loads() {
    List<Double> scales = report.rateScales();
    List<Axis.Tick> ticks = new ArrayList<>();
    for (double scale : scales) {
      double rate = report.groups(scale).getFirst().mean(PolicyResult::rate);
      ticks.add(
          new Axis.Tick(scale, Figures.scale(scale) + " (" + Figures.shortened(rate) + "/s)"));
    }
    double margin = MARGIN * (scales.getLast() - scales.getFirst());
    return new Axis(scales.getFirst() - margin, scales.getLast() + margin, false, ticks);
  }

  private double lowest() {
    double attained =
        report.policies().stream().mapToDouble(PolicyResult::attainment).min().orElse(0);
    double bound = report.bounds().stream().mapToDouble(BoundBracket::lower).min().orElse(1);
    return Math.min(attained, bound);
  }

  String render() {
    drawBound();
    String best = new Ranking(report, report.shownScale()).best().policy();
    for (String policy : report.policyNames()) {
      drawPolicy(policy, policy.equals(best) ? " best" : "");
    }
    return chart.close();
  }

  private void drawBound() {
    StringBuilder upper = new StringBuilder();
    StringBuilder lower = new StringBuilder();
    for (double scale : report.rateScales()) {
      Optional<BoundBracket> bound = report.bound(scale);
      if (bound.isPresent()) {
        upper.append(chart.point(scale, bound.get().upper()));
        lower.insert(0, chart.point(scale, bound.get().lower()));
      }
    }
    if (!upper.isEmpty()) {
      chart.area(upper.toString() + lower, "band").curve(upper, "edge").curve(lower, "edge");
    }
  }

  private void drawPolicy(String policy, String emphasis) {
    StringBuilder points = new StringBuilder();
    for (double scale : report.rateScales()) {
      for (PolicyGroup group : report.groups(scale)) {
        if (group.policy().equals(policy)) {
          points.append(chart.point(scale, group.attainment()));
          drawReach(group);
          chart.dot(scale, group.attainment(), 3, strokes.fillOf(policy));
        }
      }
    }
    chart.curve(points, strokes.of(policy) + emphasis);
  }

  private void drawReach(PolicyGroup group) {
    double half = group.attainmentHalfWidth().orElse(0);
    double scale = group.rateScale();
    chart.line(
        scale,
        group.attainment() - half,
        scale,
        Math.min(1, group.attainment() + half),
        "curve " + HtmlPage.strokeOf(strokes.policies().indexOf(group.policy())));
  }
}
