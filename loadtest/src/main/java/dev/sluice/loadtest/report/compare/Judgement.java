package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Interval;
import java.util.Optional;

/** How the second of two sides compares with the first. */
public enum Judgement {
  /** Its interval lies on the good side of no difference. */
  BETTER("better"),
  /** Its interval lies on the bad side of no difference. */
  WORSE("worse"),
  /** Its interval holds no difference, or there is none. */
  CANNOT_TELL("cannot tell");

  private final String words;

  Judgement(String words) {
    this.words = words;
  }

  static Judgement of(Metric metric, Optional<Interval> difference) {
    if (difference.isEmpty() || difference.get().contains(0)) {
      return CANNOT_TELL;
    }
    return difference.get().low() > 0 == metric.moreIsBetter() ? BETTER : WORSE;
  }

  @Override
  public String toString() {
    return words;
  }
}
