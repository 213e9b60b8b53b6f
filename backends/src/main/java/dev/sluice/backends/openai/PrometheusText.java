package dev.sluice.backends.openai;

import dev.sluice.backends.LoadReport;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * The few metrics of a Prometheus exposition that tell an engine's load. Those of several workers
 * of one engine are added; a value that is no count makes the whole of it worthless.
 */
final class PrometheusText {

  private final Preset.MetricNames names;
  private double running = Double.NaN;
  private double waiting = Double.NaN;
  private double cacheRatio;

  private PrometheusText(Preset.MetricNames names) {
    this.names = names;
  }

  static PrometheusText parse(byte[] body, Preset.MetricNames names) {
    PrometheusText metrics = new PrometheusText(names);
    Iterator<String> lines = new String(body, StandardCharsets.UTF_8).lines().iterator();
    while (lines.hasNext()) {
      metrics.take(lines.next());
    }
    return metrics;
  }

  private void take(String line) {
    if (isOf(line, names.running())) {
      running = sum(running, value(line));
    } else if (isOf(line, names.waiting())) {
      waiting = sum(waiting, value(line));
    } else if (isOf(line, names.cache())) {
      cacheRatio = Math.max(cacheRatio, value(line));
    }
  }

  private static boolean isOf(String line, String name) {
    return !name.isEmpty()
        && line.length() > name.length()
        && line.startsWith(name)
        && (line.charAt(name.length()) == ' ' || line.charAt(name.length()) == '{');
  }

  private static double sum(double before, double more) {
    return Double.isNaN(before) ? more : before + more;
  }

  /** The value after the name and its labels, which may hold blanks and braces. */
  private static double value(String line) {
    int labels = line.lastIndexOf('}');
    String rest = (labels >= 0 ? line.substring(labels + 1) : line.substring(line.indexOf(' ')));
    String[] valueAndTime = rest.strip().split(" ", 2);
    try {
      double value = Double.parseDouble(valueAndTime[0]);
      return value >= 0 && value < Integer.MAX_VALUE ? value : Double.NEGATIVE_INFINITY;
    } catch (NumberFormatException _) {
      return Double.NEGATIVE_INFINITY;
    }
  }

  /** Whether both counts are there and can be believed. */
  boolean isComplete() {
    return running >= 0 && waiting >= 0;
  }

  LoadReport report() {
    return new LoadReport((int) running, (int) waiting, 0, Math.clamp(cacheRatio, 0, 1));
  }
}
