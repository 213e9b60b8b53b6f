package dev.sluice.loadtest.report;

import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Distribution of a measure by class on a logarithmic axis, with a mark at each class's budget. A
 * curve ends below the top by the share of requests that failed.
 */
final class CdfPlot {
  private static final int POINTS = 300;

  private final Map<String, Slice> classes;
  private final Function<Slice, LatencySample> measure;
  private final ToLongFunction<String> budgetNanos;
  private double lowestLog = Double.POSITIVE_INFINITY;
  private double highestLog = Double.NEGATIVE_INFINITY;

  CdfPlot(
      Map<String, Slice> classes,
      Function<Slice, LatencySample> measure,
      ToLongFunction<String> budgetNanos) {
    this.classes = classes;
    this.measure = measure;
    this.budgetNanos = budgetNanos;
  }

  String render(String title) {
    classes.forEach(this::fit);
    if (!(lowestLog <= highestLog)) {
      return "<p>No completed request.</p>\n";
    }
    lowestLog = Math.floor(lowestLog);
    highestLog = Math.max(Math.ceil(highestLog), lowestLog + 1);
    Svg svg = new Svg(title).valueAxis(100, " %");
    for (int decade = (int) lowestLog; decade <= (int) highestLog; decade++) {
      double x = x((long) Math.pow(10, decade));
      svg.line(x, Svg.y(0), x, Svg.y(1), "grid");
      svg.label(x, Svg.y(0) + 16, "middle", decadeLabel(decade));
    }
    int colour = 0;
    for (Map.Entry<String, Slice> entry : classes.entrySet()) {
      drawClass(svg, entry.getKey(), measure.apply(entry.getValue()), colour++);
    }
    return svg.close();
  }

  private void fit(String name, Slice slice) {
    long[] values = measure.apply(slice).values();
    if (values.length > 0) {
      fit((double) values[0]);
      fit((double) values[values.length - 1]);
      fit((double) budgetNanos.applyAsLong(name));
    }
  }

  private void fit(double nanos) {
    if (nanos > 0) {
      lowestLog = Math.min(lowestLog, Math.log10(nanos));
      highestLog = Math.max(highestLog, Math.log10(nanos));
    }
  }

  private void drawClass(Svg svg, String name, LatencySample sample, int colour) {
    long budget = budgetNanos.applyAsLong(name);
    if (sample.values().length == 0) {
      return;
    }
    if (budget > 0) {
      svg.line(x(budget), Svg.y(0), x(budget), Svg.y(1), "budget " + HtmlPage.strokeOf(colour));
    }
    long[] values = sample.values();
    int step = Math.max(1, values.length / POINTS);
    StringBuilder points = new StringBuilder(Svg.point(x(values[0]), Svg.y(0)));
    for (int i = 0; i < values.length; i += step) {
      points.append(Svg.point(x(values[i]), Svg.y((i + 1.0) / sample.size())));
    }
    double top = (double) values.length / sample.size();
    points.append(Svg.point(x(values[values.length - 1]), Svg.y(top)));
    points.append(Svg.point(Svg.x(1), Svg.y(top)));
    svg.polyline(points, "curve " + HtmlPage.strokeOf(colour));
  }

  private double x(long nanos) {
    double log = Math.log10((double) Math.max(1, nanos));
    return Svg.x(Math.clamp((log - lowestLog) / (highestLog - lowestLog), 0, 1));
  }

  private static String decadeLabel(int decade) {
    if (decade < 6) {
      return Svg.shortNumber(Math.pow(10, decade - 3)) + " µs";
    }
    return decade < 9
        ? Svg.shortNumber(Math.pow(10, decade - 6)) + " ms"
        : Svg.shortNumber(Math.pow(10, decade - 9)) + " s";
  }
}
