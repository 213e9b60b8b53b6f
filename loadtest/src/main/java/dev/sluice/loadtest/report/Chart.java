package dev.sluice.loadtest.report;

import java.util.Locale;

/** A drawing with two axes, in which values are placed by what they are. */
final class Chart {
  private static final int LEFT = 62;
  private static final int RIGHT = 22;
  private static final int BOTTOM = 40;

  /**
   * How large, and what is written on it.
   *
   * @param title above the drawing; empty: none
   * @param label for those who cannot see it
   */
  record Sheet(int width, int height, String title, String label) {}

  private final Sheet sheet;
  private final Axis across;
  private final Axis up;
  private final Svg svg;
  private final int top;

  Chart(Sheet sheet, Axis across, Axis up) {
    this.sheet = sheet;
    this.across = across;
    this.up = up;
    this.top = sheet.title().isEmpty() ? 10 : 26;
    svg = new Svg(sheet.label(), sheet.width(), sheet.height());
    if (!sheet.title().isEmpty()) {
      svg.label(LEFT, 16, "start", sheet.title(), "strong");
    }
    drawAxes();
  }

  private void drawAxes() {
    for (Axis.Tick tick : up.ticks()) {
      svg.line(LEFT, y(tick.value()), right(), y(tick.value()), "grid");
      svg.label(LEFT - 6, y(tick.value()) + 4, "end", tick.label());
    }
    for (Axis.Tick tick : across.ticks()) {
      svg.line(x(tick.value()), bottom(), x(tick.value()), top, "grid");
      svg.label(x(tick.value()), bottom() + 15, "middle", tick.label());
    }
  }

  /** What the axes measure. */
  Chart titles(String acrossTitle, String upTitle) {
    svg.label((LEFT + right()) / 2, sheet.height() - 6, "middle", acrossTitle);
    svg.upright(12, (top + bottom()) / 2, upTitle);
    return this;
  }

  double x(double value) {
    return LEFT + across.position(value) * (right() - LEFT);
  }

  double y(double value) {
    return bottom() - up.position(value) * (bottom() - top);
  }

  private double right() {
    return sheet.width() - RIGHT;
  }

  private double bottom() {
    return sheet.height() - BOTTOM;
  }

  String point(double acrossValue, double upValue) {
    return String.format(Locale.ROOT, "%.1f,%.1f ", x(acrossValue), y(upValue));
  }

  /** A line through points. */
  Chart curve(CharSequence points, String style) {
    svg.polyline(points, "curve " + style);
    return this;
  }

  /** An area within points. */
  Chart area(CharSequence points, String style) {
    svg.polygon(points, style);
    return this;
  }

  Chart dot(double acrossValue, double upValue, double radius, String style) {
    svg.dot(x(acrossValue), y(upValue), radius, style);
    return this;
  }

  /** A straight line between two points. */
  Chart line(double fromAcross, double fromUp, double toAcross, double toUp, String style) {
    svg.line(x(fromAcross), y(fromUp), x(toAcross), y(toUp), style);
    return this;
  }

  /** Small writing that runs downwards from a point, beside a line that stands there. */
  Chart note(double acrossValue, double upValue, String text) {
    svg.downwards(x(acrossValue) + 3, y(upValue) + 4, text);
    return this;
  }

  String close() {
    return svg.close();
  }
}
