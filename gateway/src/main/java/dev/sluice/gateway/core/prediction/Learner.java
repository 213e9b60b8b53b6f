package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.Lengths;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Learns from the outcomes of forecasts: a mutable machine for one thread, whose results are
 * immutable calibrations that go into the fleet's snapshot.
 *
 * <p>Labels may come late, twice, in any order or not at all. A measured value that can not be,
 * such as a negative time, is ignored.
 *
 * @implNote Per deployment and quantity, the physics times gains learned online, and a histogram of
 *     what is left ({@link Gains}, {@link Residuals}, {@link Spread}; science §6). Slow requests
 *     would teach late, and a backend that hangs never: so a request without a token beyond the
 *     quantile that nine in ten stay within counts as late at once ({@link #passed}), and again
 *     whenever its wait has grown by half. When its token comes, what it taught is corrected, not
 *     doubled.
 */
public final class Learner {

  /** Growth of a wait after which it is news again. Chosen without measurement. */
  private static final double NEWS_RATIO = 1.5;

  /** Waits beyond this multiple of the forecast teach nothing more. */
  private static final double MOST_NEWS_RATIO = StrictMath.exp(Track.MOST);

  private final List<DeploymentLearner> deployments = new ArrayList<>();
  private final BitSet changed = new BitSet();
  private final Awaited awaited = new Awaited();
  private final LengthBook lengths = new LengthBook();

  /** A learner for this many deployments, which knows nothing yet. */
  public Learner(int deployments) {
    for (int i = 0; i < deployments; i++) {
      this.deployments.add(new DeploymentLearner());
    }
  }

  /**
   * Learns from {@code label}.
   *
   * @throws IllegalArgumentException if its deployment is not one of ours
   */
  public void learn(Label label) {
    int deployment = label.prediction().deployment();
    if (deployment < 0 || deployment >= deployments.size()) {
      throw new IllegalArgumentException(
          "deployment: " + deployment + " (expected: 0 … " + (deployments.size() - 1) + ")");
    }
    switch (label) {
      case Label.Sent sent -> sent(sent);
      case Label.FirstToken firstToken -> firstToken(firstToken);
      case Label.Ended ended -> ended(ended);
    }
  }

  private void sent(Label.Sent sent) {
    Prediction prediction = sent.prediction();
    double saidNanos = prediction.firstToken().nanos();
    if (plausible(saidNanos)) {
      double overdueRatio = StrictMath.exp(learner(prediction).track().quantile(Spread.UPPER, 0));
      awaited.add(prediction, sent.nowNanos(), later(sent.nowNanos(), saidNanos * overdueRatio));
    }
  }

  private void firstToken(Label.FirstToken label) {
    Prediction prediction = label.prediction();
    Awaited.Entry entry = awaited.remove(prediction);
    Prediction.Expected expected = prediction.firstToken();
    if (label.sinceSentNanos() > 0 && expected.usable()) {
      learner(prediction)
          .measured(
              entry == null ? new TrackLearner.Sample() : entry.sample,
              expected,
              label.sinceSentNanos(),
              label.nowNanos());
      changed.set(prediction.deployment());
    }
  }

  private void ended(Label.Ended label) {
    Prediction prediction = label.prediction();
    awaited.remove(prediction);
    Prediction.Expected expected = prediction.perToken();
    if (label.outputTokens() > 1 && plausible(label.perTokenNanos()) && expected.usable()) {
      deployments
          .get(prediction.deployment())
          .perToken(prediction.queued(), prediction.saturated())
          .measured(new TrackLearner.Sample(), expected, label.perTokenNanos(), label.nowNanos());
      changed.set(prediction.deployment());
    }
    if (label.complete() && label.outputTokens() > 0) {
      lengths.add(prediction.lengthKey(), label.outputTokens());
    }
  }

  /** Notes that it is {@code nowNanos}: what is overdue by now is known to be late. */
  public void passed(long nowNanos) {
    Awaited.Entry entry = awaited.overdue(nowNanos);
    while (entry != null) {
      double elapsedNanos = Math.max(1.0, nowNanos - entry.sentNanos);
      Prediction.Expected expected = entry.prediction.firstToken();
      if (expected.usable()) {
        learner(entry.prediction).overdue(entry.sample, expected, elapsedNanos, nowNanos);
        changed.set(entry.prediction.deployment());
      }
      boolean enough = elapsedNanos > MOST_NEWS_RATIO * expected.nanos();
      awaited.again(
          entry, enough ? Awaited.NEVER : later(entry.sentNanos, NEWS_RATIO * elapsedNanos));
      entry = awaited.overdue(nowNanos);
    }
  }

  private TrackLearner learner(Prediction prediction) {
    return deployments.get(prediction.deployment()).firstToken(prediction.queued());
  }

  /** Whether a time can be: from a nanosecond to thirty years. */
  static boolean plausible(double nanos) {
    return nanos >= 1 && nanos <= 1e18;
  }

  private static long later(long nanos, double lengthNanos) {
    long end = nanos + (long) Math.ceil(lengthNanos);
    return end < nanos ? Awaited.NEVER : end;
  }

  /** What became known since this was last asked. */
  public List<Observation.Learned> changed() {
    if (changed.isEmpty()) {
      return List.of();
    }
    List<Observation.Learned> result = new ArrayList<>(changed.cardinality());
    for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
      result.add(new Observation.Learned(i, deployments.get(i).calibration()));
    }
    changed.clear();
    return result;
  }

  /** How long answers become, as learned so far. */
  public Lengths lengths() {
    return lengths.lengths();
  }

  @Override
  public String toString() {
    return "Learner[" + deployments.size() + " deployments, " + awaited.size() + " awaited]";
  }
}
