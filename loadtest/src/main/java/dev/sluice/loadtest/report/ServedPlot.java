package dev.sluice.loadtest.report;

import java.util.List;
import java.util.Locale;

/** Requests a second that each kind of accelerator served, stacked, over the time of a run. */
final class ServedPlot {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 200;

  private final PolicyResult result;
  private final List<String> accelerators;
  private final Chart chart;

  /**
   * A plot of one run.
   *
   * @param highestRate arrivals a second in the busiest slice of all plots that stand together
   */
  ServedPlot(PolicyResult result, List<String> accelerators, double highestRate) {
    this.result = result;
    this.accelerators = accelerators;
    PolicyRun run = result.run();
    String title =
        String.format(
            Locale.ROOT,
            "%s, seed %d: %.2f %%",
            run.policy(),
            run.seed(),
            100 * result.attainment());
    String label = "Requests a second by the accelerator that served them, " + title;
    chart =
        new Chart(
                new Chart.Sheet(WIDTH, HEIGHT, title, label),
                Axis.time(result.lengths().horizonSeconds()),
                Axis.from0(highestRate, ""))
            .titles("time of arrival", "requests/s");
  }

  /** Arrivals a second in the busiest slice. */
  static double highestRate(PolicyResult result) {
    double highest = 0;
    for (int slice = 0; slice < result.detail().slices().size(); slice++) {
      double rate = result.detail().slices().get(slice).requests() / seconds(result, slice);
      highest = Math.max(highest, rate);
    }
    return highest;
  }

  String render() {
    int slices = result.detail().slices().size();
    double[] floor = new double[slices];
    for (int colour = 0; colour < accelerators.size(); colour++) {
      double[] roof = new double[slices];
      for (int slice = 0; slice < slices; slice++) {
        long served =
            result
                .detail()
                .slices()
                .get(slice)
                .completedByAccelerator()
                .getOrDefault(accelerators.get(colour), 0L);
        roof[slice] = floor[slice] + served / seconds(result, slice);
      }
      chart.area(steps(roof, true) + steps(floor, false), "area " + HtmlPage.fillOf(colour));
      floor = roof;
    }
    double[] arrivals = new double[slices];
    for (int slice = 0; slice < slices; slice++) {
      arrivals[slice] = result.detail().slices().get(slice).requests() / seconds(result, slice);
    }
    return chart.curve(steps(arrivals, true), "all").close();
  }

  /** The outline of bars of these heights, from the left or back from the right. */
  private String steps(double[] rates, boolean forward) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < rates.length; i++) {
      int slice = forward ? i : rates.length - 1 - i;
      double start = slice * width(result);
      double end = start + seconds(result, slice);
      points.append(chart.point(forward ? start : end, rates[slice]));
      points.append(chart.point(forward ? end : start, rates[slice]));
    }
    return points.toString();
  }

  /** Length of a slice; the last one ends with the horizon. */
  private static double seconds(PolicyResult result, int slice) {
    double left = result.lengths().horizonSeconds() - slice * width(result);
    return left > 0 ? Math.min(width(result), left) : width(result);
  }

  private static double width(PolicyResult result) {
    return result.detail().sliceNanos() / 1e9;
  }
}
