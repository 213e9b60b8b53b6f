package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.request.Lengths;
import java.util.ArrayList;
import java.util.List;

/**
 * Learns from the outcomes of forecasts: a mutable machine for one thread, whose results are
 * immutable calibrations that go into the fleet's snapshot.
 */
public final class Learner {

  private final List<Observation.Learned> changed = new ArrayList<>();
  private final int deployments;

  /** A learner for this many deployments, which knows nothing yet. */
  public Learner(int deployments) {
    this.deployments = deployments;
  }

  /** Learns from {@code label}. */
  public void learn(Label label) {
    if (label.prediction().deployment() >= deployments) {
      throw new IllegalArgumentException(
          "deployment: " + label.prediction().deployment() + " (expected: < " + deployments + ")");
    }
  }

  /** Notes that it is {@code nowNanos}: what is overdue by now is known to be late. */
  public void passed(long nowNanos) {}

  /** What became known since this was last asked. */
  public List<Observation.Learned> changed() {
    List<Observation.Learned> result = List.copyOf(changed);
    changed.clear();
    return result;
  }

  /** How long answers become, as learned so far. */
  public Lengths lengths() {
    return Lengths.UNLEARNED;
  }
}
