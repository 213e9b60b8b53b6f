package dev.sluice.loadtest.report;

/** Arrivals, requests in flight and attainment, second by second (or longer steps on long runs). */
final class RunTimeline {
  /** More steps than this cannot be told apart on the page. */
  private static final int MAX_STEPS = 600;

  private final long stepNanos;
  private final int[] arrivals;
  private final int[] attained;
  private final int[] inFlight;

  RunTimeline(RunResult run) {
    long horizon = run.schedule().horizonNanos();
    stepNanos = Math.max(1, Math.ceilDiv(horizon, MAX_STEPS * 1_000_000_000L)) * 1_000_000_000L;
    int steps = (int) Math.max(1, Math.ceilDiv(horizon, stepNanos));
    arrivals = new int[steps];
    attained = new int[steps];
    inFlight = new int[steps + 1];
    run.results().forEach(this::count);
    for (int step = 1; step < inFlight.length; step++) {
      inFlight[step] += inFlight[step - 1];
    }
  }

  private void count(RequestResult result) {
    int step = stepOf(result.times().intendedNanos());
    arrivals[step]++;
    attained[step] += result.attained() ? 1 : 0;
    if (result.sent()) {
      // Counted at the end of each step: there when sent before it and not closed before it.
      inFlight[stepOf(result.times().sentNanos())]++;
      if (result.times().closedNanos() < stepNanos * arrivals.length) {
        inFlight[stepOf(result.times().closedNanos())]--;
      }
    }
  }

  private int stepOf(long nanos) {
    return (int) Math.clamp(nanos / stepNanos, 0, arrivals.length - 1L);
  }

  int seconds() {
    return (int) (stepNanos / 1_000_000_000L);
  }

  String renderLoad() {
    double[] rates = new double[arrivals.length];
    double[] open = new double[arrivals.length];
    for (int step = 0; step < arrivals.length; step++) {
      rates[step] = (double) arrivals[step] / seconds();
      open[step] = inFlight[step];
    }
    double top = Math.max(1, Math.max(max(rates), max(open)));
    Svg svg = frame("Arrivals a second and requests in flight", top, "");
    svg.polyline(points(rates, top), "curve s0").polyline(points(open, top), "curve s1");
    return svg.close();
  }

  String renderAttainment() {
    double[] shares = new double[arrivals.length];
    for (int step = 0; step < arrivals.length; step++) {
      // A second without arrivals misses nothing; a gap in the line would read as a miss.
      shares[step] = arrivals[step] == 0 ? 100 : 100.0 * attained[step] / arrivals[step];
    }
    return frame("Attainment of the arrivals of each second", 100, " %")
        .polyline(points(shares, 100), "curve s2")
        .close();
  }

  private Svg frame(String title, double top, String unit) {
    Svg svg = new Svg(title).valueAxis(top, unit);
    for (int tick = 0; tick <= 6; tick++) {
      double seconds = tick / 6.0 * arrivals.length * seconds();
      svg.label(Svg.x(tick / 6.0), Svg.y(0) + 16, "middle", Svg.shortNumber(seconds) + " s");
    }
    return svg;
  }

  private static StringBuilder points(double[] values, double top) {
    StringBuilder points = new StringBuilder();
    for (int step = 0; step < values.length; step++) {
      double y = Svg.y(values[step] / top);
      points.append(Svg.point(Svg.x((double) step / values.length), y));
      points.append(Svg.point(Svg.x((step + 1.0) / values.length), y));
    }
    return points;
  }

  private static double max(double[] values) {
    double max = 0;
    for (double value : values) {
      max = Math.max(max, value);
    }
    return max;
  }
}
