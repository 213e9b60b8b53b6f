package dev.sluice.loadtest.report;

import java.util.Locale;

/** A drawing under construction: a frame with axes, and marks in it. */
final class Svg {
  static final int WIDTH = 720;
  static final int HEIGHT = 260;
  static final int LEFT = 56;
  static final int RIGHT = 28;
  static final int TOP = 10;
  static final int BOTTOM = 24;

  private final StringBuilder text = new StringBuilder();

  Svg(String label) {
    this(label, WIDTH, HEIGHT);
  }

  Svg(String label, int width, int height) {
    text.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(width, height, escape(label)));
  }

  static String escape(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** X of a position 0 … 1 along the axis. */
  static double x(double share) {
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  /** Y of a position 0 (bottom) … 1 (top). */
  static double y(double share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    text.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n",
            x1,
            y1,
            x2,
            y2,
            style));
    return this;
  }

  Svg label(double x, double y, String anchor, String content) {
    return label(x, y, anchor, content, "");
  }

  Svg label(double x, double y, String anchor, String content, String style) {
    text.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n",
            x,
            y,
            anchor,
            style.isEmpty() ? "" : " class=\"" + style + "\"",
            escape(content)));
    return this;
  }

  Svg polyline(CharSequence points, String style) {
    text.append("<polyline class=\"").append(style).append("\" points=\"").append(points);
    text.append("\"/>\n");
    return this;
  }

  Svg polygon(CharSequence points, String style) {
    text.append("<polygon class=\"").append(style).append("\" points=\"").append(points);
    text.append("\"/>\n");
    return this;
  }

  Svg dot(double x, double y, double radius, String style) {
    text.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"%s\"/>\n",
            x,
            y,
            radius,
            style));
    return this;
  }

  /** A label that is turned to read upwards. */
  Svg upright(double x, double y, String content) {
    text.append(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(%.1f %.1f) rotate(-90)\""
                + " text-anchor=\"middle\">%s</text>\n",
            x,
            y,
            escape(content)));
    return this;
  }

  /** A label that is turned to read downwards from its beginning. */
  Svg downwards(double x, double y, String content) {
    text.append(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(%.1f %.1f) rotate(90)\">%s</text>\n",
            x,
            y,
            escape(content)));
    return this;
  }

  Svg box(double x, double y, double width, double height, String style) {
    text.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>\n",
            x,
            y,
            Math.max(0, width),
            height,
            style));
    return this;
  }

  static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
  }

  /** Horizontal grid lines at equal steps with their labels. */
  Svg valueAxis(double top, String unit) {
    for (int step = 0; step <= 4; step++) {
      double share = step / 4.0;
      line(x(0), y(share), x(1), y(share), "grid");
      label(x(0) - 6, y(share) + 4, "end", shortNumber(share * top) + unit);
    }
    return this;
  }

  static String shortNumber(double value) {
    boolean whole = value >= 100 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f" : value >= 1 ? "%.1f" : "%.2f", value);
  }

  String close() {
    return text + "</svg>\n";
  }
}
