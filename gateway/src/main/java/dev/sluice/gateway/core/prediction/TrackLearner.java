package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;

/**
 * Learns one quantity of one deployment: gains from each value, residuals around what was said.
 * Publishes both as a {@link Track}.
 *
 * <p>A value that is awaited longer than expected teaches at once what is certain by then, and the
 * rest when it is known; see {@link Sample}.
 */
final class TrackLearner {

  /** Samples after which the distribution is published anew (science §6). */
  static final int REFRESH_SAMPLES = 16;

  /** While there are few samples, this part of their number is enough. */
  private static final int REFRESH_SHARE = 8;

  /** What one value has taught so far. */
  static final class Sample {
    private long number = -1;
    private int bin;
    private double taughtRatio;
  }

  private final Gains gains;
  private final Residuals residuals;
  private final Spread spread = new Spread();

  private Track published;
  private long nextRefresh;
  private long learnedNanos = Long.MIN_VALUE;
  private boolean changed;

  /**
   * A learner that knows {@code prior}.
   *
   * @param mostOfUsual see {@link Gains}
   */
  TrackLearner(Track prior, double mostOfUsual) {
    gains = new Gains(mostOfUsual);
    residuals = new Residuals(prior);
    published = prior;
  }

  /** Learns that a value is not there although {@code elapsedNanos} have passed. */
  void overdue(Sample sample, Prediction.Expected expected, double elapsedNanos, long nowNanos) {
    double lnRatio = StrictMath.log(elapsedNanos / expected.nanos());
    if (sample.number < 0) {
      spread.overdue();
    }
    // it will be greater, so it lies in a bin above
    place(sample, Math.min(Track.bin(lnRatio) + 1, Track.BINS - 1));
    teach(sample, expected, elapsedNanos, nowNanos);
  }

  /** Learns a value. */
  void measured(Sample sample, Prediction.Expected expected, double measuredNanos, long nowNanos) {
    double lnRatio = StrictMath.log(measuredNanos / expected.nanos());
    if (sample.number < 0) {
      spread.measured(lnRatio, expected.track());
    } else {
      spread.overdueMeasured(lnRatio, expected.track());
    }
    place(sample, Track.bin(lnRatio));
    teach(sample, expected, measuredNanos, nowNanos);
  }

  private void place(Sample sample, int bin) {
    if (sample.number < 0) {
      sample.number = residuals.add(bin);
    } else {
      residuals.move(sample.number, sample.bin, bin);
    }
    sample.bin = bin;
  }

  /** Steps by what the value says beyond what it has taught before. */
  private void teach(Sample sample, Prediction.Expected expected, double nanos, long nowNanos) {
    double lnRatio =
        Math.clamp(
            StrictMath.log(nanos / gains.corrected(expected.parts())),
            -Gains.MOST_RATIO,
            Gains.MOST_RATIO);
    if (sample.taughtRatio == 0) {
      gains.heard(lnRatio);
    }
    double more = sample.taughtRatio == 0 ? lnRatio : Math.max(0, lnRatio - sample.taughtRatio);
    sample.taughtRatio += more;
    gains.step(expected.parts(), more, expected.weight());
    learnedNanos = Math.max(learnedNanos, nowNanos);
    changed = true;
  }

  /** The newest track; made anew if something was learned since it was last asked for. */
  Track track() {
    if (changed) {
      changed = false;
      Track raw = published.with(gains.factors(), residuals.samples(), learnedNanos);
      published = residuals.samples() < nextRefresh ? raw : refreshed(raw);
    }
    return published;
  }

  private Track refreshed(Track raw) {
    long samples = residuals.samples();
    nextRefresh = samples + Math.clamp(samples / REFRESH_SHARE, 1, REFRESH_SAMPLES);
    return raw.with(spread.bent(raw.with(residuals.cumulative())));
  }
}
