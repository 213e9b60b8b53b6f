package dev.sluice.loadtest.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Attainment of every policy at one rate, best first, with the bound as a band. */
final class AttainmentBars {
  private static final int WIDTH = 720;
  private static final int ROW = 24;
  private static final int LEFT = 190;
  private static final int RIGHT = 96;
  private static final int BOTTOM = 42;

  private final Optional<BoundBracket> bound;
  private final List<PolicyGroup> ranked;
  private final PolicyStrokes strokes;
  private final Axis axis;

  AttainmentBars(SimulatedReport report, double rateScale, PolicyStrokes strokes) {
    this.bound = report.bound(rateScale);
    this.ranked = PolicyTable.ranked(report, rateScale);
    this.strokes = strokes;
    double lowest = ranked.getLast().attainment();
    axis = Axis.sharesTo1(Math.min(0.95 * lowest, bound.map(BoundBracket::lower).orElse(1.0)));
  }

  String render() {
    int bottom = 8 + ROW * ranked.size();
    Svg svg = new Svg("Attainment of each policy", WIDTH, bottom + BOTTOM);
    for (Axis.Tick tick : axis.ticks()) {
      svg.line(x(tick.value()), 4, x(tick.value()), bottom, "grid");
      svg.label(x(tick.value()), bottom + 15, "middle", tick.label());
    }
    svg.label((x(axis.low()) + x(1)) / 2, bottom + 33, "middle", "requests within their budget");
    for (int row = 0; row < ranked.size(); row++) {
      drawPolicy(svg, ranked.get(row), 8 + row * ROW);
    }
    if (bound.isPresent()) {
      double from = x(bound.get().lower());
      double to = x(bound.get().upper());
      svg.box(from, 4, Math.max(1, to - from), bottom - 4, "band");
      svg.line(from, 4, from, bottom, "edge").line(to, 4, to, bottom, "edge");
    }
    return svg.close();
  }

  private void drawPolicy(Svg svg, PolicyGroup group, double top) {
    double middle = top + ROW / 2.0 - 2;
    double end = x(group.attainment());
    svg.label(LEFT - 8, middle + 4, "end", group.policy(), "strong");
    svg.box(LEFT, top, end - LEFT, ROW - 6, strokes.fillOf(group.policy()));
    double half = group.attainmentHalfWidth().orElse(0);
    svg.line(x(group.attainment() - half), middle, x(group.attainment() + half), middle, "all");
    svg.label(
        WIDTH - 6,
        middle + 4,
        "end",
        String.format(Locale.ROOT, "%.2f %% ± %.2f", 100 * group.attainment(), 100 * half));
  }

  private double x(double share) {
    return LEFT + axis.position(share) * (WIDTH - LEFT - RIGHT);
  }
}
