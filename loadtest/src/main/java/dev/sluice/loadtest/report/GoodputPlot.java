package dev.sluice.loadtest.report;

import java.util.List;

/** Arrivals and goodput of each second, with the faults that came meanwhile. */
final class GoodputPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final long STEP_NANOS = 1_000_000_000L;

  /** More faults than this are drawn without their names. */
  private static final int MOST_NAMES = 12;

  private final List<FaultRecord> faults;
  private final double[] arrivals;
  private final double[] good;

  /** The plot of a run; a request counts as goodput in the second in which its answer ended. */
  GoodputPlot(RunResult run, List<FaultRecord> faults) {
    this.faults = faults;
    int steps = (int) Math.max(1, Math.ceilDiv(run.schedule().horizonNanos(), STEP_NANOS));
    arrivals = new double[steps];
    good = new double[steps];
    for (RequestResult result : run.results()) {
      count(arrivals, result.request().intendedNanos());
      if (result.attained()) {
        count(good, result.times().closedNanos());
      }
    }
  }

  /** What ends after the last arrival is beyond the plot. */
  private static void count(double[] steps, long atNanos) {
    int step = (int) (atNanos / STEP_NANOS);
    if (step >= 0 && step < steps.length) {
      steps[step]++;
    }
  }

  String render() {
    double top = 1;
    for (int step = 0; step < arrivals.length; step++) {
      top = Math.max(top, Math.max(arrivals[step], good[step]));
    }
    Axis up = Axis.from0(top, "");
    Chart chart =
        new Chart(
                new Chart.Sheet(WIDTH, HEIGHT, "", "Goodput through the faults"),
                Axis.time(arrivals.length),
                up)
            .titles("time since the start", "requests/s");
    for (FaultRecord fault : faults) {
      draw(chart, fault, up.high());
    }
    return chart
        .curve(steps(chart, arrivals), HtmlPage.strokeOf(0))
        .curve(steps(chart, good), HtmlPage.strokeOf(2) + " best")
        .close();
  }

  private void draw(Chart chart, FaultRecord fault, double high) {
    double at = fault.atNanos() / 1e9;
    double end = fault.endNanos() == Timeline.NEVER ? arrivals.length : fault.endNanos() / 1e9;
    chart.area(
        chart.point(at, 0) + chart.point(at, high) + chart.point(end, high) + chart.point(end, 0),
        "band");
    chart.line(at, 0, at, high, "curve d2 " + HtmlPage.strokeOf(1));
    if (faults.size() <= MOST_NAMES) {
      chart.note(at, high, fault.kind() + " " + fault.backend());
    }
  }

  private static String steps(Chart chart, double[] values) {
    StringBuilder points = new StringBuilder();
    for (int step = 0; step < values.length; step++) {
      points.append(chart.point(step, values[step])).append(chart.point(step + 1.0, values[step]));
    }
    return points.toString();
  }
}
