package dev.sluice.backends.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A line through points: the median of the slopes between all pairs, through the medians
 * (Theil–Sen), which a few probes that something else held up do not move.
 *
 * @param intercept value at 0
 * @param slope rise per unit
 */
record Line(double intercept, double slope) {

  /** One point. */
  record Point(double x, double y) {}

  /** The line through {@code points}, at least one; flat when all are at one place. */
  static Line through(List<Point> points) {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      for (int j = 0; j < i; j++) {
        double run = points.get(i).x() - points.get(j).x();
        if (run != 0) {
          slopes.add((points.get(i).y() - points.get(j).y()) / run);
        }
      }
    }
    double slope = slopes.isEmpty() ? 0 : median(slopes);
    return new Line(median(points.stream().map(p -> p.y() - slope * p.x()).toList()), slope);
  }

  /** The middle one of {@code values}, at least one. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
